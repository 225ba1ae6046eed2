module idpc-tools/codeowners

go 1.26

require (
	github.com/hmarr/codeowners v1.2.1 // indirect
	github.com/spf13/pflag v1.0.5 // indirect
)

tool github.com/hmarr/codeowners/cmd/codeowners
