//! Measures the writer against `cp -r` of what it wrote, on the same file system.
//!
//! `cargo run --release -p idpc-driver --example write_bench [FOLDER [SERVICES]]`; the folder is `/dev/shm` at first.

use std::error::Error;
use std::fmt::Write as _;
use std::io::{Write as _, stdout};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use idpc_driver::output::{Options, Report, Scope, write};
use idpc_emit::artifact::{Artifact, Build, Life, RelPath, Unit, UnitInfo};

const ENVIRONMENTS: [&str; 3] = ["dev", "staging", "prod"];
const ROUNDS: usize = 7;

fn main() -> Result<(), Box<dyn Error>> {
    let mut args = std::env::args().skip(1);
    let place = PathBuf::from(args.next().unwrap_or_else(|| String::from("/dev/shm")));
    let services: usize = args.next().map_or(Ok(333), |count| count.parse())?;
    let (artifacts, units) = workspace(services)?;
    let build = Build { artifacts: artifacts.iter().collect(), units, permits: Vec::new(), services };
    let top = place.join(format!("idpc-write-bench-{}", std::process::id()));
    let copy = top.with_extension("copy");
    let bytes: usize = artifacts.iter().map(|artifact| artifact.text.len()).sum();
    let mut say = stdout().lock();
    writeln!(say, "{} files, {} services, {bytes} bytes, {}", artifacts.len(), services, place.display())?;

    let (mut first, mut again, mut copies) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        clear(&top)?;
        clear(&copy)?;
        first.push(timed(|| run(&top, &build))?);
        again.push(timed(|| run(&top, &build))?);
        copies.push(timed(|| cp(&top, &copy))?);
    }
    let mut changed = artifacts.clone();
    for artifact in &mut changed {
        artifact.text = (artifact.text.text()? + "# changed\n").into();
    }
    let changed = Build { artifacts: changed.iter().collect(), ..build.clone() };
    let rewrite = timed(|| run(&top, &changed))?;
    clear(&top)?;
    clear(&copy)?;

    let copying = median(&mut copies);
    for (name, time) in [
        ("cp -r", copying),
        ("first build", median(&mut first)),
        ("build without news", median(&mut again)),
        ("build that changes all", rewrite),
    ] {
        let ratio = time.as_secs_f64() / copying.as_secs_f64();
        writeln!(say, "{name:24} {:8.1} ms   {ratio:5.2} of cp -r", time.as_secs_f64() * 1000.0)?;
    }
    Ok(())
}

/// Twelve files for each service in each environment, about two kilobytes each.
fn workspace(services: usize) -> Result<(Vec<Artifact>, Vec<UnitInfo>), Box<dyn Error>> {
    let (mut artifacts, mut units) = (Vec::new(), Vec::new());
    for env in ENVIRONMENTS {
        for number in 0..services {
            let name = format!("service-{number:04}");
            let unit = Unit::Service { env: env.to_owned(), name: name.clone() };
            let own = [
                "infra/claims",
                "infra/access",
                "app/workload",
                "app/network",
                "app/secrets",
                "app/monitoring",
                "app/kustomization",
                "app/extras/topic",
                "release/kustomization",
            ];
            let mut paths: Vec<String> = own.iter().map(|path| format!("envs/{env}/{name}/{path}.yaml")).collect();
            paths.push(format!("apps/{env}/{name}.yaml"));
            paths.push(format!("rules/{env}/{name}.rules.yaml"));
            paths.push(format!("rules/{env}/{name}.test.yaml"));
            for path in paths {
                let life = if path.contains("/release/") { Life::Once } else { Life::Generated };
                let text = text(&path)?;
                let source = format!("services/{name}/service.idp (service {name})");
                artifacts.push(Artifact {
                    path: RelPath::new(path).map_err(|bad| bad.to_string())?,
                    text: text.into(),
                    target: String::from("kubernetes"),
                    source,
                    unit: unit.clone(),
                    life,
                });
            }
            units.push(UnitInfo { unit, owner: Some(String::from("team")), durables: Vec::new() });
        }
    }
    Ok((artifacts, units))
}

fn text(path: &str) -> Result<String, std::fmt::Error> {
    let mut text = format!("apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {}\ndata:\n", path.replace('/', "-"));
    for line in 0..40 {
        writeln!(text, "  key-{line:02}: the value of line {line} of the file")?;
    }
    Ok(text)
}

fn run(top: &Path, build: &Build<'_>) -> Result<Report, Box<dyn Error>> {
    let written = write(top, build, &Scope::default(), Options::default());
    written.map_err(|error| error.notices().iter().map(ToString::to_string).collect::<String>().into())
}

fn cp(from: &Path, to: &Path) -> Result<(), Box<dyn Error>> {
    let status = Command::new("cp").arg("-r").arg(from).arg(to).status()?;
    if status.success() { Ok(()) } else { Err("cp failed".into()) }
}

fn clear(folder: &Path) -> Result<(), Box<dyn Error>> {
    if folder.exists() {
        std::fs::remove_dir_all(folder)?;
    }
    Ok(())
}

fn timed<T>(work: impl FnOnce() -> Result<T, Box<dyn Error>>) -> Result<Duration, Box<dyn Error>> {
    let start = Instant::now();
    work()?;
    Ok(start.elapsed())
}

fn median(times: &mut [Duration]) -> Duration {
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}
