//! Lets through what can be read. The server behind it ends at the first message that is none; here such a message is
//! reported and left out, and the next one is looked for.

use tokio::io::{AsyncBufReadExt as _, AsyncRead, AsyncReadExt as _, AsyncWriteExt as _, BufReader, DuplexStream};
use tokio::sync::mpsc::UnboundedSender;
use tower_lsp::jsonrpc::{Request, Response};

use crate::message::Notice;

/// Longer lines are no headers.
const LONGEST_LINE: u64 = 8 << 10;

/// Larger messages are passed over.
const LARGEST: usize = 256 << 20;

/// The name of the only header that matters.
const LENGTH: &[u8] = b"content-length:";

/// Passes messages on until there are none.
pub(super) async fn sift<I: AsyncRead + Unpin>(input: I, mut on: DuplexStream, notices: &UnboundedSender<Notice>) {
    let mut input = BufReader::new(input);
    while let Some(length) = header(&mut input).await {
        if length > LARGEST {
            let mut rest = (&mut input).take(u64::try_from(length).unwrap_or(u64::MAX));
            if tokio::io::copy(&mut rest, &mut tokio::io::sink()).await.is_err() {
                return;
            }
            continue;
        }
        let mut body = Vec::new();
        let wanted = u64::try_from(length).unwrap_or(u64::MAX);
        if !matches!((&mut input).take(wanted).read_to_end(&mut body).await, Ok(read) if read == length) {
            return;
        }
        if !is_message(&body) {
            let _ = notices.send(Notice::Log(String::from("a message that cannot be read was left out")));
            continue;
        }
        let header = format!("Content-Length: {length}\r\n\r\n");
        if on.write_all(header.as_bytes()).await.is_err() || on.write_all(&body).await.is_err() {
            return;
        }
    }
}

/// Whether the server behind can read it.
fn is_message(body: &[u8]) -> bool {
    serde_json::from_slice::<Request>(body).is_ok() || serde_json::from_slice::<Response>(body).is_ok()
}

/// The length that the next header gives; `None` at the end. Lines that say nothing are passed over, so that whatever
/// stands between two messages is.
async fn header<I: AsyncRead + Unpin>(input: &mut BufReader<I>) -> Option<usize> {
    let mut length = None;
    loop {
        let mut line = Vec::new();
        let read = (&mut *input).take(LONGEST_LINE).read_until(b'\n', &mut line).await;
        if !matches!(read, Ok(read) if read > 0) {
            return None;
        }
        if line.iter().all(u8::is_ascii_whitespace) {
            match length {
                Some(length) => return Some(length),
                None => continue,
            }
        }
        let lower = line.to_ascii_lowercase();
        if let Some(at) = lower.windows(LENGTH.len()).position(|window| window == LENGTH) {
            let value = lower.get(at + LENGTH.len()..).unwrap_or_default();
            length = std::str::from_utf8(value).ok().and_then(|value| value.trim().parse().ok());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sifted(input: &[u8]) -> (String, usize) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let (near, mut far) = tokio::io::duplex(1 << 16);
            let (notices, mut heard) = tokio::sync::mpsc::unbounded_channel();
            sift(input, near, &notices).await;
            let mut out = String::new();
            far.read_to_string(&mut out).await.unwrap();
            drop(notices);
            let mut complaints = 0;
            while heard.recv().await.is_some() {
                complaints += 1;
            }
            (out, complaints)
        })
    }

    const GOOD: &str = "Content-Length: 33\r\n\r\n{\"jsonrpc\":\"2.0\",\"method\":\"exit\"}";

    #[test]
    fn what_can_be_read_is_passed_on_and_the_rest_is_left_out() {
        assert_eq!(sifted(GOOD.as_bytes()), (GOOD.into(), 0));
        let typed = GOOD.replace("\r\n\r\n", "\r\nContent-Type: x\r\n\r\n").replace("Content-L", "content-l");
        assert_eq!(sifted(typed.as_bytes()), (GOOD.into(), 0));
        for (bad, complaints) in [
            (&b"garbage\r\n\r\n"[..], 0),
            (b"Content-Length: abc\r\n\r\n{}", 0),
            (b"Content-Length: 99999999999999999999\r\n\r\n", 0),
            (b"\xff\xfe\x00\r\n\r\n", 0),
            (b"Content-Length: 1\r\n\r\n{", 1),
            (b"Content-Length: 2\r\n\r\n[]", 1),
            (b"Content-Length: 4\r\n\r\nnull", 1),
            (b"Content-Length: 0\r\n\r\n", 1),
            (b"Content-Length: 2\r\n\r\n\xff\xfe", 1),
        ] {
            let mut all = bad.to_vec();
            all.extend_from_slice(GOOD.as_bytes());
            assert_eq!(sifted(&all), (GOOD.into(), complaints), "{}", String::from_utf8_lossy(bad));
        }
        assert_eq!(sifted(b"Content-Length: 50\r\n\r\n{}"), (String::new(), 0), "an end in the middle");
    }
}
