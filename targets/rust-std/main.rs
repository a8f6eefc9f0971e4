//! Obeys lines, and echoes others: std::net with a thread for each connection. Arguments: PORT ADDRESS...

use std::env;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{IpAddr, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

const TIMEOUT: Duration = Duration::from_secs(2);

static RUNS: AtomicUsize = AtomicUsize::new(0);

fn number(word: &str) -> io::Result<u64> {
    word.parse().map_err(|_| io::ErrorKind::InvalidInput.into())
}

fn serve(stream: &TcpStream) -> io::Result<()> {
    stream.set_read_timeout(Some(TIMEOUT))?;
    stream.set_write_timeout(Some(TIMEOUT))?;
    let mut reader = BufReader::new(stream);
    let mut writer = stream;
    loop {
        let mut line = Vec::new();
        reader.read_until(b'\n', &mut line)?;
        if line.pop() != Some(b'\n') {
            return Ok(());
        }
        let line = String::from_utf8_lossy(&line);
        match line.split(' ').collect::<Vec<_>>()[..] {
            ["quit"] => return writer.write_all(b"bye\n"),
            ["refuse"] => return writer.write_all(b"refused\n"),
            ["large", bytes] => {
                io::copy(&mut io::repeat(b'x').take(number(bytes)?), &mut writer)?;
            }
            ["slow", ms] => {
                thread::sleep(Duration::from_millis(number(ms)?));
                writer.write_all(b"slow\n")?;
            }
            ["upload", bytes] => {
                let mut body = (&mut reader).take(number(bytes)?);
                let length = io::copy(&mut body, &mut io::sink())?;
                if body.limit() > 0 {
                    return Ok(());
                }
                writer.write_all(format!("{length}\n").as_bytes())?;
            }
            ["run"] => {
                RUNS.fetch_add(1, Ordering::Relaxed);
                writer.write_all(b"run\n")?;
            }
            ["runs"] => writer.write_all(format!("{}\n", RUNS.load(Ordering::Relaxed)).as_bytes())?,
            ["dial", host, port] => dial(host, port, writer)?,
            _ => writer.write_all(format!("{line}\n").as_bytes())?,
        }
    }
}

fn dial(host: &str, port: &str, mut writer: &TcpStream) -> io::Result<()> {
    let address: IpAddr = host.parse().map_err(|_| io::ErrorKind::InvalidInput)?;
    let said = match TcpStream::connect_timeout(&SocketAddr::new(address, number(port)? as u16), TIMEOUT) {
        Ok(_) => "dialled".to_string(),
        Err(error) => error.to_string(),
    };
    writer.write_all(format!("{said}\n").as_bytes())
}

fn main() -> io::Result<()> {
    let arguments: Vec<String> = env::args().collect();
    let mut accepting = Vec::new();
    for address in &arguments[2..] {
        let listener = TcpListener::bind((address.as_str(), number(&arguments[1])? as u16))?;
        accepting.push(thread::spawn(move || {
            for stream in listener.incoming() {
                match stream {
                    Ok(stream) => {
                        thread::spawn(move || serve(&stream));
                    }
                    Err(error) => eprintln!("accept: {error}"),
                }
            }
        }));
    }
    for thread in accepting {
        let _ = thread.join();
    }
    Ok(())
}
