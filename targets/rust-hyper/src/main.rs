//! A web server: hyper's HTTP/1 on tokio, as its guides show it. Arguments: PORT ADDRESS..., or --sources.

use std::convert::Infallible;
use std::env;
use std::error::Error;
use std::net::IpAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use http_body_util::{BodyExt, Empty, Full};
use hyper::body::{Bytes, Incoming};
use hyper::header::HOST;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::{TcpListener, TcpStream};
use tokio::signal::unix::{signal, SignalKind};
use tokio::time::{sleep, timeout};

type Failure = Box<dyn Error + Send + Sync>;
type Answer = Response<Full<Bytes>>;

const TIMEOUT: Duration = Duration::from_secs(2);
/// How long a loop that accepts rests behind an error: it may be that no descriptor is left.
const REST: Duration = Duration::from_secs(1);

static RUNS: AtomicUsize = AtomicUsize::new(0);

fn answer(status: StatusCode, body: impl Into<Bytes>) -> Answer {
    let mut answer = Response::new(Full::new(body.into()));
    *answer.status_mut() = status;
    answer
}

fn number(query: &str) -> Result<u64, Failure> {
    Ok(query.split_once('=').ok_or("no number")?.1.parse()?)
}

/// The length of a body, when all of it has come. hyper has no time-out of its own for that.
async fn length(mut body: Incoming) -> Result<usize, Failure> {
    let counting = async {
        let mut length = 0;
        while let Some(frame) = body.frame().await {
            length += frame?.data_ref().map_or(0, Bytes::len);
        }
        Ok(length)
    };
    timeout(TIMEOUT, counting).await?
}

/// What `/` of another server answers.
async fn dial(query: &str) -> Result<Answer, Failure> {
    let to = query.strip_prefix("to=").ok_or("no address")?;
    let stream = timeout(TIMEOUT, TcpStream::connect(to)).await??;
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await?;
    let request = Request::get("/").header(HOST, to).body(Empty::<Bytes>::new())?;
    let asking = async move {
        let response = sender.send_request(request).await?;
        let status = response.status();
        Ok(answer(status, response.into_body().collect().await?.to_bytes()))
    };
    let (answered, _) = timeout(TIMEOUT, async { tokio::join!(asking, connection) }).await?;
    answered
}

async fn serve(request: Request<Incoming>) -> Result<Answer, Failure> {
    let query = request.uri().query().unwrap_or_default().to_owned();
    Ok(match request.uri().path() {
        "/" => answer(StatusCode::OK, "hello\n"),
        "/large" => answer(StatusCode::OK, vec![b'x'; number(&query)? as usize]),
        "/slow" => {
            sleep(Duration::from_millis(number(&query)?)).await;
            answer(StatusCode::OK, "slow\n")
        }
        "/upload" => answer(
            StatusCode::OK,
            format!("{}\n", length(request.into_body()).await?),
        ),
        "/refuse" => answer(StatusCode::PAYLOAD_TOO_LARGE, "refused\n"),
        "/run" => {
            length(request.into_body()).await?;
            RUNS.fetch_add(1, Ordering::Relaxed);
            answer(StatusCode::OK, "run\n")
        }
        "/runs" => answer(StatusCode::OK, format!("{}\n", RUNS.load(Ordering::Relaxed))),
        "/dial" => dial(&query)
            .await
            .unwrap_or_else(|error| answer(StatusCode::BAD_GATEWAY, error.to_string())),
        _ => answer(StatusCode::NOT_FOUND, ""),
    })
}

/// Accepts until SIGTERM; then requests under way are answered.
async fn listen(listener: TcpListener) -> Result<(), Failure> {
    let graceful = GracefulShutdown::new();
    let mut terminated = signal(SignalKind::terminate())?;
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = terminated.recv() => break,
        };
        let stream = match accepted {
            Ok((stream, _)) => stream,
            Err(error) => {
                eprintln!("accept: {error}");
                sleep(REST).await;
                continue;
            }
        };
        let respond = |request| async {
            let bad = |error: Failure| answer(StatusCode::BAD_REQUEST, error.to_string());
            Ok::<_, Infallible>(serve(request).await.unwrap_or_else(bad))
        };
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(TIMEOUT)
            .serve_connection(TokioIo::new(stream), service_fn(respond));
        tokio::spawn(graceful.watch(connection));
    }
    drop(listener);
    Ok(timeout(TIMEOUT, graceful.shutdown()).await?)
}

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [port, addresses @ ..] = &arguments[..] else {
        return Err("arguments: PORT ADDRESS...".into());
    };
    if port == "--sources" {
        // What it was made of: by that it is known whether it is to be installed anew.
        print!("{}{}", include_str!("../Cargo.lock"), include_str!("main.rs"));
        return Ok(());
    }
    let mut listening = Vec::new();
    for address in addresses {
        let listener = TcpListener::bind((address.parse::<IpAddr>()?, port.parse()?)).await?;
        listening.push(tokio::spawn(listen(listener)));
    }
    for task in listening {
        task.await??;
    }
    Ok(())
}
