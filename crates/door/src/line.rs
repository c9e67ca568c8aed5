//! One connection, which may not dawdle.
//!
//! hyper watches how long a header takes, but only after it knows which version of HTTP is spoken, and it never
//! watches how slowly an answer is read. Both gaps would let a few thousand silent connections fill the house.

use std::future::Future;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, Sleep, sleep, sleep_until};

/// How HTTP/2 begins. hyper reads until it knows whether this is it.
const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

pub(crate) struct Line<T> {
    stream: T,
    /// How many bytes of HTTP/2's beginning were seen; none once the version is known.
    preface: Option<usize>,
    until: Instant,
    /// The longest that a write may make no progress.
    write_time: Duration,
    read_timer: Option<Pin<Box<Sleep>>>,
    write_timer: Option<Pin<Box<Sleep>>>,
}

impl<T> Line<T> {
    /// `first` is the time for the bytes that tell the version, `write` the longest time a write may stand still.
    pub fn new(stream: T, first: Duration, write: Duration) -> Self {
        Line {
            stream,
            preface: Some(0),
            until: Instant::now() + first,
            write_time: write,
            read_timer: None,
            write_timer: None,
        }
    }

    fn learn(&mut self, read: &[u8]) {
        if let Some(seen) = self.preface {
            let expected = PREFACE.get(seen..).unwrap_or(&[]);
            let same = expected.iter().zip(read).take_while(|(a, b)| a == b).count();
            let is_known = same < read.len() || same == expected.len();
            self.preface = (!is_known).then_some(seen + same);
            if is_known {
                self.read_timer = None;
            }
        }
    }

    fn written<N>(&mut self, cx: &mut Context<'_>, outcome: Poll<io::Result<N>>) -> Poll<io::Result<N>> {
        if outcome.is_ready() {
            self.write_timer = None;
            return outcome;
        }
        let time = self.write_time;
        let timer = self.write_timer.get_or_insert_with(|| Box::pin(sleep(time)));
        match timer.as_mut().poll(cx) {
            Poll::Ready(()) => Poll::Ready(Err(io::ErrorKind::TimedOut.into())),
            Poll::Pending => Poll::Pending,
        }
    }
}

impl<T: AsyncRead + Unpin> AsyncRead for Line<T> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buf.filled().len();
        let outcome = Pin::new(&mut self.stream).poll_read(cx, buf);
        if self.preface.is_none() {
            return outcome;
        }
        match outcome {
            Poll::Ready(outcome) => {
                self.learn(buf.filled().get(before..).unwrap_or(&[]));
                Poll::Ready(outcome)
            }
            Poll::Pending => {
                let until = self.until;
                let timer = self.read_timer.get_or_insert_with(|| Box::pin(sleep_until(until)));
                match timer.as_mut().poll(cx) {
                    Poll::Ready(()) => Poll::Ready(Err(io::ErrorKind::TimedOut.into())),
                    Poll::Pending => Poll::Pending,
                }
            }
        }
    }
}

impl<T: AsyncWrite + Unpin> AsyncWrite for Line<T> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        let outcome = Pin::new(&mut self.stream).poll_write(cx, buf);
        self.written(cx, outcome)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let outcome = Pin::new(&mut self.stream).poll_write_vectored(cx, bufs);
        self.written(cx, outcome)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let outcome = Pin::new(&mut self.stream).poll_flush(cx);
        self.written(cx, outcome)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let outcome = Pin::new(&mut self.stream).poll_shutdown(cx);
        self.written(cx, outcome)
    }
}
