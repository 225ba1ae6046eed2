//! Scratch.
#![allow(clippy::all, clippy::print_stdout, clippy::unwrap_used)]
use std::sync::Arc;
use idpc_model::{db::*, findings, model::model, source::Role};
fn walk(p: &std::path::Path, v: &mut Vec<std::path::PathBuf>) { for e in std::fs::read_dir(p).unwrap() { let e=e.unwrap().path(); if e.is_dir() { if e.file_name().unwrap()!="out" {walk(&e,v)} } else if e.extension().is_some_and(|x|x=="idp") { v.push(e) } } v.sort(); }
fn main() {
    let args: Vec<String> = std::env::args().collect();
    let root = std::path::PathBuf::from(&args[1]);
    let single = root.is_file();
    let db = Database::default();
    let mut src: Vec<(String,String,Role)> = idpc_stdlib::files().into_iter().filter(|(p,_)| single || !p.starts_with("placeholders/")).map(|(p,t)|(format!("std:/{p}"),t.to_string(),Role::Library)).collect();
    let mut v=vec![]; if single { v.push(root.clone()) } else { walk(&root,&mut v); }
    for p in v { let rel = p.strip_prefix(&root).unwrap().to_string_lossy().to_string(); let rel = if rel.is_empty() {root.to_string_lossy().to_string()} else {rel}; let role = if single {Role::Single} else if rel.starts_with("platform/") {Role::Platform} else {Role::Application}; src.push((rel, std::fs::read_to_string(&p).unwrap(), role)); }
    let files: Vec<SourceFile> = src.iter().enumerate().map(|(i,(p,t,r))| SourceFile::new(&db, i as u32, Arc::<str>::from(p.as_str()), *r, Arc::<str>::from(t.as_str()))).collect();
    let ws = Workspace::new(&db, Arc::<str>::from("demo"), files);
    let t = std::time::Instant::now();
    let mut f = findings::findings(&db, ws);
    let m = model(&db, ws);
    f.extend(idpc_graph::findings::findings(&m));
    let t1 = t.elapsed();
    let tf: Vec<(String, Arc<str>)> = idpc_targets::files().into_iter().map(|(p,t)|(p.to_string(), Arc::from(t))).collect();
    let e = idpc_emit::build::emit(&m, &tf, None, &Default::default());
    f.extend(e.diagnostics.clone());
    let t2 = t.elapsed();
    let f = findings::settle(&db, ws, f);
    for d in &f { let (p,t,_) = &src[d.primary.file.0 as usize]; let o: usize = d.primary.range.start().into(); let l = t[..o].matches('\n').count()+1; println!("{}:{}: {}[{}] {} | {} | help: {} {:?}", p, l, d.severity.name(), d.code.id(), d.message, d.primary_label, d.help.clone().unwrap_or_default(), d.environments); }
    println!("{} findings, {} artifacts, {} errors; {:?} {:?}", f.len(), e.artifacts.len(), e.errors.len(), t1, t2);
    for x in e.errors.iter().take(60) { println!("ERR {x}"); }
    if let Some(o) = args.get(2) { for a in &e.artifacts { let p = std::path::Path::new(o).join(a.path.as_str()); std::fs::create_dir_all(p.parent().unwrap()).unwrap(); std::fs::write(p, &a.text).unwrap(); } }
}
