import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Arrays;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** A web server: com.sun.net.httpserver, as its documentation shows it. Arguments: BACKLOG PORT ADDRESS... */
public class Server {
    private static final AtomicInteger runs = new AtomicInteger();

    public static void main(String[] arguments) throws IOException {
        int backlog = Integer.parseInt(arguments[0]);
        int port = Integer.parseInt(arguments[1]);
        for (String address : Arrays.asList(arguments).subList(2, arguments.length)) {
            HttpServer server = HttpServer.create(new InetSocketAddress(address, port), backlog);
            server.createContext("/", exchange -> answer(exchange, 200, "hello\n".getBytes()));
            server.createContext("/large", exchange -> answerLarge(exchange, Integer.parseInt(query(exchange))));
            server.createContext("/slow", exchange -> {
                sleep(Integer.parseInt(query(exchange)));
                answer(exchange, 200, "slow\n".getBytes());
            });
            server.createContext("/upload", exchange -> answerNumber(exchange, length(exchange)));
            server.createContext("/refuse", exchange -> answer(exchange, 413, "refused\n".getBytes()));
            server.createContext("/run", exchange -> {
                length(exchange);
                answerNumber(exchange, runs.incrementAndGet());
            });
            server.createContext("/runs", exchange -> answerNumber(exchange, runs.get()));
            server.createContext("/dial", Server::dial);
            server.setExecutor(Executors.newCachedThreadPool());
            server.start();
        }
    }

    /** Passes on what `/` of another server answers. */
    private static void dial(HttpExchange exchange) throws IOException {
        byte[] body;
        try {
            var connection = URI.create("http://" + query(exchange) + "/").toURL().openConnection();
            connection.setConnectTimeout(2000);
            connection.setReadTimeout(2000);
            try (InputStream answer = connection.getInputStream()) {
                body = answer.readAllBytes();
            }
        } catch (IOException error) {
            answer(exchange, 502, (error + "\n").getBytes());
            return;
        }
        answer(exchange, 200, body);
    }

    private static void answerNumber(HttpExchange exchange, int number) throws IOException {
        answer(exchange, 200, (number + "\n").getBytes());
    }

    private static void answerLarge(HttpExchange exchange, int length) throws IOException {
        byte[] piece = "x".repeat(8192).getBytes();
        exchange.sendResponseHeaders(200, length);
        try (OutputStream stream = exchange.getResponseBody()) {
            for (int left = length; left > 0; left -= piece.length) {
                stream.write(piece, 0, Math.min(left, piece.length));
            }
        }
    }

    private static void answer(HttpExchange exchange, int status, byte[] body) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "text/plain");
        exchange.sendResponseHeaders(status, body.length);
        try (OutputStream stream = exchange.getResponseBody()) {
            stream.write(body);
        }
    }

    /** The value of the query's only parameter. */
    private static String query(HttpExchange exchange) {
        return exchange.getRequestURI().getQuery().split("=", 2)[1];
    }

    /** The length of the body. It throws when the client has left before its end. */
    private static int length(HttpExchange exchange) throws IOException {
        return exchange.getRequestBody().readAllBytes().length;
    }

    private static void sleep(int ms) {
        try {
            Thread.sleep(ms);
        } catch (InterruptedException error) {
            Thread.currentThread().interrupt();
        }
    }
}
