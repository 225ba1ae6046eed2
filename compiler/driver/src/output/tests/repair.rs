//! Builds that die at any step, and the next one.

use std::fs;
use std::io;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use idpc_emit::artifact::Life;

use super::world::{World, brisk, scratch, tree};
use crate::output::disk::{Disk, LocalDisk};
use crate::output::{Force, Scope, WriteError, check, write_to};

/// A disk that dies at one step, in the middle of it if it writes, and stays dead.
struct DyingDisk {
    left: AtomicUsize,
}

impl DyingDisk {
    fn after(steps: usize) -> Self {
        Self { left: AtomicUsize::new(steps) }
    }

    fn step(&self) -> io::Result<()> {
        let alive = self.left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1));
        alive.map(|_| ()).map_err(|_| io::Error::other("the machine stopped"))
    }
}

impl Disk for DyingDisk {
    fn create_dir(&self, path: &Path) -> io::Result<()> {
        self.step()?;
        LocalDisk.create_dir(path)
    }

    fn create(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        let last = self.left.load(Ordering::SeqCst) == 0;
        if last && !path.exists() {
            LocalDisk.create(path, &bytes[..bytes.len() / 2])?;
        }
        self.step()?;
        LocalDisk.create(path, bytes)
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.step()?;
        LocalDisk.rename(from, to)
    }

    fn remove_file(&self, path: &Path) -> io::Result<()> {
        self.step()?;
        LocalDisk.remove_file(path)
    }

    fn remove_dir(&self, path: &Path) -> io::Result<()> {
        self.step()?;
        LocalDisk.remove_dir(path)
    }
}

/// Kills the build of `next` over `first` at every step, repairs with `last`, and returns how many steps there were.
fn die_everywhere(first: Option<&World>, next: &World, last: &World) -> usize {
    let expected = scratch();
    last.write(expected.path()).unwrap();
    let expected = tree(expected.path());
    let mut steps = 0;
    loop {
        let folder = scratch();
        if let Some(first) = first {
            first.write(folder.path()).unwrap();
        }
        let disk = DyingDisk::after(steps);
        let result = write_to(&disk, folder.path(), &next.build(), &Scope::default(), brisk(Force::Never));
        let ended = result.is_ok();
        if let Err(error) = result {
            assert!(matches!(&error, WriteError::Io(path, _) if path.starts_with(folder.path())), "{error:?}");
        }
        if let Err(error) = last.write(folder.path()) {
            panic!("after {steps} steps: {:?}\n{:?}", error.notices(), tree(folder.path()).keys());
        }
        let found = tree(folder.path());
        let differs = found.keys().chain(expected.keys()).find(|path| found.get(*path) != expected.get(*path));
        assert_eq!(differs, None, "after {steps} steps");
        if ended {
            return steps;
        }
        steps += 1;
    }
}

fn later() -> World {
    let mut world = World::of(&["checkout", "fraud"], &["dev", "prod"]).removed("cart");
    world.drop_files("rules/prod");
    world.append("bootstrap/dev.yaml", "spec: {}\n");
    world.append("envs/prod/checkout/app/workload.yaml", "spec: {}\n");
    world
}

#[test]
fn a_first_build_that_dies_anywhere_is_repaired() {
    let world = World::of(&["checkout", "cart"], &["dev"]);
    let steps = die_everywhere(None, &world, &world);
    assert!(steps > 20, "{steps}");
}

#[test]
fn a_first_build_that_dies_is_repaired_by_another_one() {
    let mut last = World::of(&["checkout", "cart"], &["dev"]);
    last.append_to_all("# newer\n");
    let mut first = World::of(&["checkout", "cart"], &["dev"]);
    // What is given away is never written again, so its text shall be the same.
    let release = |world: &mut World| {
        let given = world.artifacts.iter_mut().filter(|artifact| artifact.life == Life::Once);
        given.for_each(|artifact| artifact.text = "patches: []\n".into());
    };
    release(&mut first);
    release(&mut last);
    assert!(die_everywhere(None, &first, &last) > 20);
}

#[test]
fn a_later_build_that_dies_anywhere_is_repaired() {
    let first = World::of(&["checkout", "cart"], &["dev", "prod"]);
    let next = later();
    let steps = die_everywhere(Some(&first), &next, &next);
    assert!(steps > 40, "{steps}");
}

#[test]
fn a_later_build_that_dies_is_repaired_by_another_one() {
    let first = World::of(&["checkout", "cart"], &["dev", "prod"]);
    let next = later();
    let mut last = World::of(&["checkout"], &["dev", "prod"]).removed("cart").removed("fraud");
    last.append("bootstrap/dev.yaml", "other: {}\n");
    die_everywhere(Some(&first), &next, &last);
    die_everywhere(Some(&first), &next, &first.clone().removed("fraud"));
}

#[test]
fn a_build_that_dies_twice_is_repaired() {
    let (first, next) = (World::of(&["checkout", "cart"], &["dev", "prod"]), later());
    let mut second = later();
    second.append("bootstrap/dev.yaml", "second: {}\n");
    second.append("apps/dev/fraud.yaml", "second: {}\n");
    let mut third = later();
    third.append("bootstrap/dev.yaml", "third: {}\n");
    let expected = scratch();
    third.write(expected.path()).unwrap();
    for (one, other) in [(5, 0), (9, 2), (14, 4), (20, 7), (26, 9), (40, 12)] {
        let folder = scratch();
        first.write(folder.path()).unwrap();
        for (world, steps) in [(&next, one), (&second, other)] {
            let disk = DyingDisk::after(steps);
            let result = write_to(&disk, folder.path(), &world.build(), &Scope::default(), brisk(Force::Never));
            assert!(matches!(result, Err(WriteError::Io(..))), "{one} {other}: {result:?}");
        }
        third.write(folder.path()).unwrap();
        assert_eq!(tree(folder.path()), tree(expected.path()), "{one} {other}");
    }
}

#[test]
fn leftovers_show_in_a_check_and_are_swept() {
    let folder = scratch();
    let world = World::of(&["checkout"], &["dev"]);
    world.write(folder.path()).unwrap();
    fs::write(folder.path().join("apps/dev/.idpc-tmp-checkout.yaml"), "half").unwrap();
    let (found, _) = check(folder.path(), &world.build(), &Scope::default()).unwrap();
    assert_eq!(found.leftovers, ["apps/dev/.idpc-tmp-checkout.yaml"]);
    assert!(!found.is_empty());
    world.write(folder.path()).unwrap();
    assert!(check(folder.path(), &world.build(), &Scope::default()).unwrap().0.is_empty());
}

#[test]
fn an_edit_after_an_interrupted_build_is_still_an_edit() {
    let folder = scratch();
    let first = World::of(&["checkout"], &["dev"]);
    first.write(folder.path()).unwrap();
    let mut next = first.clone();
    next.append("bootstrap/dev.yaml", "spec: {}\n");
    let result = write_to(&DyingDisk::after(3), folder.path(), &next.build(), &Scope::default(), brisk(Force::Never));
    assert!(matches!(result, Err(WriteError::Io(..))));
    fs::write(folder.path().join("bootstrap/dev.yaml"), "mine\n").unwrap();
    assert!(matches!(next.write(folder.path()), Err(WriteError::Edited(_))));
}
