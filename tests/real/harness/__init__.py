"""Sends every artifact that `idpc build` writes through the program that will read it."""
