import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.*;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.handler.timeout.IdleStateHandler;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A web server: Netty, as its user guide and examples show it. Arguments: BACKLOG PORT ADDRESS... */
public class Server {
    private static final ByteBuf PIECE = Unpooled.unreleasableBuffer(Unpooled.wrappedBuffer("x".repeat(65536).getBytes()));
    private static final AtomicInteger runs = new AtomicInteger();

    public static void main(String[] arguments) throws InterruptedException {
        ServerBootstrap bootstrap = new ServerBootstrap()
            .group(new NioEventLoopGroup(1), new NioEventLoopGroup())
            .channel(NioServerSocketChannel.class)
            .option(ChannelOption.SO_BACKLOG, Integer.parseInt(arguments[0]))
            .childHandler(new ChannelInitializer<SocketChannel>() {
                @Override
                protected void initChannel(SocketChannel channel) {
                    channel.pipeline().addLast(
                        new IdleStateHandler(true, 0, 0, 2, TimeUnit.SECONDS),
                        new HttpServerCodec(),
                        new Handler());
                }
            });
        for (String address : Arrays.asList(arguments).subList(2, arguments.length)) {
            bootstrap.bind(address, Integer.parseInt(arguments[1])).sync();
        }
    }

    private static class Handler extends SimpleChannelInboundHandler<HttpObject> {
        private HttpRequest request;
        private int length;

        @Override
        protected void channelRead0(ChannelHandlerContext context, HttpObject message) {
            if (message.decoderResult().isFailure()) {
                context.close();
                return;
            }
            if (message instanceof HttpRequest) {
                request = (HttpRequest) message;
                length = 0;
                if (request.uri().equals("/refuse")) {
                    request.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
                    answer(context, request, HttpResponseStatus.REQUEST_ENTITY_TOO_LARGE, "refused\n");
                }
            }
            if (message instanceof HttpContent) {
                length += ((HttpContent) message).content().readableBytes();
            }
            if (message instanceof LastHttpContent) {
                respond(context, request, length);
            }
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            if (event instanceof IdleStateEvent) {
                context.close();
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            context.close();
        }
    }

    private static void respond(ChannelHandlerContext context, HttpRequest request, int length) {
        QueryStringDecoder url = new QueryStringDecoder(request.uri());
        switch (url.path()) {
            case "/" -> answer(context, request, HttpResponseStatus.OK, "hello\n");
            case "/large" -> answer(context, request, HttpResponseStatus.OK, large(number(url, "bytes")));
            case "/slow" -> context.executor().schedule(
                () -> answer(context, request, HttpResponseStatus.OK, "slow\n"), number(url, "ms"), TimeUnit.MILLISECONDS);
            case "/upload" -> answer(context, request, HttpResponseStatus.OK, length + "\n");
            case "/run" -> answer(context, request, HttpResponseStatus.OK, runs.incrementAndGet() + "\n");
            case "/runs" -> answer(context, request, HttpResponseStatus.OK, runs.get() + "\n");
            case "/dial" -> dial(context, request, url.parameters().get("to").get(0));
            case "/refuse" -> { }
            default -> answer(context, request, HttpResponseStatus.NOT_FOUND, "not found\n");
        }
    }

    private static int number(QueryStringDecoder url, String name) {
        return Integer.parseInt(url.parameters().get(name).get(0));
    }

    private static ByteBuf large(int length) {
        int whole = length / PIECE.readableBytes();
        ByteBuf[] pieces = new ByteBuf[whole + 1];
        Arrays.setAll(pieces, index -> PIECE.duplicate());
        pieces[whole] = PIECE.slice(0, length % PIECE.readableBytes());
        return Unpooled.wrappedBuffer(pieces.length, pieces);
    }

    /** Passes on what `/` of another server answers. */
    private static void dial(ChannelHandlerContext context, HttpRequest request, String to) {
        int colon = to.lastIndexOf(':');
        String host = to.substring(0, colon).replaceAll("[\\[\\]]", "");
        ChannelFuture connecting = new Bootstrap()
            .group(context.channel().eventLoop())
            .channel(NioSocketChannel.class)
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, 2000)
            .handler(new ChannelInitializer<SocketChannel>() {
                @Override
                protected void initChannel(SocketChannel channel) {
                    channel.pipeline().addLast(
                        new HttpClientCodec(),
                        new HttpObjectAggregator(1 << 20),
                        new SimpleChannelInboundHandler<FullHttpResponse>() {
                            @Override
                            protected void channelRead0(ChannelHandlerContext far, FullHttpResponse response) {
                                answer(context, request, response.status(), response.content().retain());
                                far.close();
                            }
                        });
                }
            })
            .connect(host, Integer.parseInt(to.substring(colon + 1)));
        connecting.addListener((ChannelFuture done) -> {
            if (done.isSuccess()) {
                FullHttpRequest asked = new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, "/");
                asked.headers().set(HttpHeaderNames.HOST, to);
                done.channel().writeAndFlush(asked);
            } else {
                answer(context, request, HttpResponseStatus.BAD_GATEWAY, done.cause() + "\n");
            }
        });
        context.channel().closeFuture().addListener(closed -> connecting.channel().close());
    }

    private static void answer(ChannelHandlerContext context, HttpRequest request, HttpResponseStatus status, String body) {
        answer(context, request, status, Unpooled.copiedBuffer(body, StandardCharsets.US_ASCII));
    }

    private static void answer(ChannelHandlerContext context, HttpRequest request, HttpResponseStatus status, ByteBuf body) {
        FullHttpResponse response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, body);
        response.headers().set(HttpHeaderNames.CONTENT_TYPE, HttpHeaderValues.TEXT_PLAIN);
        response.headers().set(HttpHeaderNames.CONTENT_LENGTH, body.readableBytes());
        boolean keepAlive = HttpUtil.isKeepAlive(request);
        if (!keepAlive) {
            response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        }
        ChannelFuture written = context.writeAndFlush(response);
        if (!keepAlive) {
            written.addListener(ChannelFutureListener.CLOSE);
        }
    }
}
