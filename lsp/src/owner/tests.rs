//! The owner, driven through its queue.

use std::sync::mpsc;

use tokio::sync::oneshot;

use super::*;
use crate::message::Document;

fn asked(jobs: &mpsc::Sender<Job>, question: Question) -> oneshot::Receiver<Reply> {
    let (asker, reply) = oneshot::channel();
    jobs.send(Job::Question(question, asker)).unwrap();
    reply
}

/// Puts questions into a queue after some events, runs the owner to the end, and returns the replies.
fn replies(events: Vec<Event>, questions: Vec<Question>) -> Vec<Reply> {
    let (notices, _heard) = tokio::sync::mpsc::unbounded_channel();
    let (jobs, queue) = mpsc::channel();
    let ask = |question| asked(&jobs, question);
    let begin = ask(Question::Begin { encoding: Encoding::Utf16, folders: Vec::new() });
    for event in events {
        jobs.send(Job::Event(event)).unwrap();
    }
    let waiting: Vec<_> = questions.into_iter().map(ask).collect();
    drop(jobs);
    Owner::new(notices).work(&queue);
    assert!(matches!(begin.blocking_recv(), Ok(Ok(Answer::Nothing))));
    waiting.into_iter().map(|reply| reply.blocking_recv().unwrap()).collect()
}

fn opened(text: &str) -> Event {
    let document = Document { uri: "untitled:1".into(), path: None };
    Event::Opened { document, version: 1, text: text.into() }
}

#[test]
fn a_panic_is_an_answer_and_the_next_question_is_answered() {
    let symbols = || Question::Symbols { uri: "untitled:1".into() };
    let replies = replies(vec![opened("team a {}\n")], vec![symbols(), Question::Crash, symbols()]);
    let [Ok(Answer::Symbols(before)), Err(fault), Ok(Answer::Symbols(after))] = &replies[..] else {
        panic!("{replies:?}");
    };
    assert!(fault.message.contains("bug in idpc") && fault.message.contains("on purpose"), "{fault:?}");
    assert_eq!((before.len(), after.len()), (1, 1));
}

#[test]
fn nothing_is_answered_after_the_end() {
    let symbols = || Question::Symbols { uri: "untitled:1".into() };
    let replies = replies(vec![opened("team a {}\n")], vec![symbols(), Question::End, symbols()]);
    let [Ok(Answer::Symbols(_)), Ok(Answer::Nothing), Ok(Answer::Nothing)] = &replies[..] else {
        panic!("{replies:?}");
    };
}

#[test]
fn what_nobody_waits_for_is_not_done() {
    let (notices, _heard) = tokio::sync::mpsc::unbounded_channel();
    let (jobs, queue) = mpsc::channel();
    let ask = |question| asked(&jobs, question);
    let _begin = ask(Question::Begin { encoding: Encoding::Utf8, folders: Vec::new() });
    jobs.send(Job::Event(opened("team a {}\n"))).unwrap();
    // Had it been done, nothing would be answered behind it.
    drop(ask(Question::End));
    let symbols = ask(Question::Symbols { uri: "untitled:1".into() });
    drop(jobs);
    Owner::new(notices).work(&queue);
    assert!(matches!(symbols.blocking_recv(), Ok(Ok(Answer::Symbols(found))) if found.len() == 1));
}
