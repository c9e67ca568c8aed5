//! Connections are accepted, and finished before the program leaves.
//!
//! axum's own loop gives hyper no clock, so a half-sent header would hold a connection for ever. This one has a
//! clock, a limit of connections, and an end to its patience when the program is asked to leave.

use std::convert::Infallible;
use std::future::Future;
use std::io;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, HttpBody};
use http::Request;
use hyper::body::Incoming;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tower::Service;

use crate::client::Peer;
use crate::line::Line;
use crate::settings::Settings;

/// Limits of one listener.
#[derive(Debug, Clone)]
pub struct Server {
    /// Connections at one time; more wait in the system's queue.
    pub connections: usize,
    /// From the connection, or the end of the last answer, to the end of a header. It also ends idle connections.
    pub header_timeout: Duration,
    /// The longest that a reader may take nothing of its answer.
    pub write_timeout: Duration,
    /// How long requests in flight may take after the program was asked to leave.
    pub drain: Duration,
}

impl Default for Server {
    fn default() -> Self {
        Server {
            connections: 10_000,
            header_timeout: Duration::from_secs(10),
            write_timeout: Duration::from_secs(60),
            drain: Duration::from_secs(20),
        }
    }
}

impl From<&Settings> for Server {
    fn from(settings: &Settings) -> Self {
        Server {
            connections: settings.connections,
            header_timeout: settings.header_timeout(),
            ..Server::default()
        }
    }
}

/// Serves with the usual limits until `shutdown` resolves and the requests in flight are answered.
pub async fn serve(
    router: Router,
    listener: TcpListener,
    shutdown: impl Future<Output = ()>,
) -> io::Result<()> {
    Server::default().serve(router, listener, shutdown).await
}

impl Server {
    /// Serves until `shutdown` resolves and the requests in flight are answered, or the drain time is over.
    pub async fn serve(
        &self,
        router: Router,
        listener: TcpListener,
        shutdown: impl Future<Output = ()>,
    ) -> io::Result<()> {
        let builder = Arc::new(self.builder());
        let places = Arc::new(Semaphore::new(self.connections.max(1)));
        let graceful = GracefulShutdown::new();
        let mut shutdown = pin!(shutdown);
        loop {
            let accepted = async {
                // A place first: a connection that nobody can answer is better left waiting outside.
                let place = places.clone().acquire_owned().await.map_err(io::Error::other)?;
                Ok::<_, io::Error>((listener.accept().await?, place))
            };
            let ((stream, peer), place) = tokio::select! {
                biased;
                () = &mut shutdown => break,
                accepted = accepted => match accepted {
                    Ok(accepted) => accepted,
                    Err(error) => {
                        if !is_about_one_connection(&error) {
                            // Out of file handles, most likely. Others will close theirs.
                            tracing::warn!(%error, "a connection could not be accepted");
                            tokio::time::sleep(Duration::from_millis(50)).await;
                        }
                        continue;
                    }
                },
            };
            let _ = stream.set_nodelay(true);
            let io = TokioIo::new(Line::new(stream, self.header_timeout, self.write_timeout));
            let visitor = Visitor { router: router.clone(), peer: Peer(peer) };
            let (builder, watcher) = (builder.clone(), graceful.watcher());
            tokio::spawn(async move {
                let connection = builder.serve_connection(io, visitor).into_owned();
                // Whoever breaks off or breaks the rules is only worth a line when somebody looks for it.
                if let Err(error) = watcher.watch(connection).await {
                    tracing::trace!(error, %peer, "a connection ended early");
                }
                drop(place);
            });
        }
        drop(listener);
        if tokio::time::timeout(self.drain, graceful.shutdown()).await.is_err() {
            tracing::warn!("some requests were cut off: they took longer than the drain time");
        }
        Ok(())
    }

    fn builder(&self) -> auto::Builder<TokioExecutor> {
        let mut builder = auto::Builder::new(TokioExecutor::new());
        builder
            .http1()
            .timer(TokioTimer::new())
            .header_read_timeout(self.header_timeout)
            .max_buf_size(64 * 1024)
            .max_headers(100);
        builder
            .http2()
            .timer(TokioTimer::new())
            .max_concurrent_streams(100)
            .max_header_list_size(32 * 1024)
            .max_send_buf_size(256 * 1024)
            .max_pending_accept_reset_streams(20)
            .keep_alive_interval(Duration::from_secs(20))
            .keep_alive_timeout(self.header_timeout);
        builder
    }
}

fn is_about_one_connection(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::ConnectionRefused | io::ErrorKind::ConnectionAborted | io::ErrorKind::ConnectionReset
    )
}

/// Hands the requests of one connection to the router, with the address they came from.
struct Visitor {
    router: Router,
    peer: Peer,
}

impl hyper::service::Service<Request<Incoming>> for Visitor {
    type Response = axum::response::Response;
    type Error = Infallible;
    type Future = axum::routing::future::RouteFuture<Infallible>;

    fn call(&self, request: Request<Incoming>) -> Self::Future {
        // Most requests have no body, and an empty one costs nothing.
        let mut request =
            request.map(|body| if body.is_end_stream() { Body::empty() } else { Body::new(body) });
        request.extensions_mut().insert(self.peer);
        self.router.clone().call(request)
    }
}
