package io.reactivestore.r2dbc;

import io.r2dbc.spi.ConnectionFactoryOptions;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/** Stands between a client and PostgreSQL and does what networks do. */
final class CuttingProxy implements AutoCloseable {

    enum Direction {
        TO_SERVER,
        TO_CLIENT
    }

    /** How to go on with bytes that came in. */
    private enum Passage {
        FORWARD,
        WITHHOLD,
        CUT,
        FALL_SILENT
    }

    private final String host;
    private final int port;
    private final String url;
    private final ServerSocket door;
    private final Set<Link> links = ConcurrentHashMap.newKeySet();
    private final AtomicReference<Fault> fault = new AtomicReference<>();
    private final AtomicInteger accepted = new AtomicInteger();
    private final AtomicInteger toRefuse = new AtomicInteger();
    private volatile CountDownLatch frozen = new CountDownLatch(0);

    private CuttingProxy(String url, ServerSocket door) {
        ConnectionFactoryOptions options = ConnectionFactoryOptions.parse(url);
        Integer given = (Integer) options.getValue(ConnectionFactoryOptions.PORT);
        this.host = (String) options.getRequiredValue(ConnectionFactoryOptions.HOST);
        this.port = given == null ? 5432 : given;
        this.url = url.replaceFirst(host + "(:" + port + ")?/", "127.0.0.1:" + door.getLocalPort() + "/");
        this.door = door;
    }

    /** Opens a proxy in front of the PostgreSQL of this URL. */
    static CuttingProxy before(String url) throws IOException {
        CuttingProxy proxy = new CuttingProxy(url, new ServerSocket(0, 100, InetAddress.getByName("127.0.0.1")));
        start("accept", proxy::accept);
        return proxy;
    }

    /** The URL that leads through this proxy. */
    String url() {
        return url;
    }

    /** How many connections were made so far, refused ones included. */
    int accepted() {
        return accepted.get();
    }

    /**
     * Cuts a connection after so many more bytes in this direction, forwarding what came before them.
     *
     * @return completes when it is cut
     */
    CompletableFuture<Void> cutAfter(Direction direction, int bytes) {
        return arm(new Fault() {
            private int left = bytes;

            @Override
            synchronized int forward(Link link, Direction where, byte[] chunk, int length) {
                if (where != direction) {
                    return length;
                }
                if (left > length) {
                    left -= length;
                    return length;
                }
                int rest = left;
                left = 0;
                return rest;
            }

            @Override
            synchronized Passage passage(Link link, Direction where, byte[] chunk, int length) {
                return where == direction && left == 0 ? Passage.CUT : Passage.FORWARD;
            }
        });
    }

    /**
     * Withholds what the server says next until it has said all of it, so that its commit is behind it, and then cuts. Not
     * while a connection logs in: there the server awaits the client's word before it has said all.
     *
     * @return completes when it is cut
     */
    CompletableFuture<Void> loseAnswer() {
        return withholdAnswer(Passage.CUT);
    }

    /**
     * Withholds what the server says next, and from then on everything on that connection, which stays open.
     *
     * @return completes when the server has said all of it, so that its commit is behind it
     */
    CompletableFuture<Void> swallowAnswer() {
        return withholdAnswer(Passage.FALL_SILENT);
    }

    private CompletableFuture<Void> withholdAnswer(Passage then) {
        return arm(new Fault() {
            private Link victim;

            @Override
            synchronized int forward(Link link, Direction where, byte[] chunk, int length) {
                if (where == Direction.TO_CLIENT && victim == null && link.loggedIn) {
                    victim = link;
                }
                return where == Direction.TO_CLIENT && link == victim ? 0 : length;
            }

            @Override
            synchronized Passage passage(Link link, Direction where, byte[] chunk, int length) {
                if (where == Direction.TO_SERVER || link != victim) {
                    return Passage.FORWARD;
                }
                return endsReadyForQuery(chunk, length) ? then : Passage.WITHHOLD;
            }
        });
    }

    private static boolean endsReadyForQuery(byte[] chunk, int length) {
        return length >= 6 && chunk[length - 6] == 'Z' && chunk[length - 2] == 5;
    }

    private CompletableFuture<Void> arm(Fault next) {
        if (!fault.compareAndSet(null, next)) {
            throw new IllegalStateException("one fault at a time");
        }
        return next.done;
    }

    /** Takes the next connections and drops them at once; those there are live on. */
    void refuse(int connections) {
        toRefuse.set(connections);
    }

    /** Drops all connections and takes no more, for ever: connecting is refused. */
    void closeDoor() throws IOException {
        door.close();
        cutAll();
    }

    void cutAll() {
        links.forEach(Link::cut);
    }

    /** From now on nothing passes and nothing is closed, new connections included: a half-open connection. */
    void freeze() {
        frozen = new CountDownLatch(1);
    }

    /** New connections work again; those that were frozen stay frozen, until {@link #close}. */
    void thawForNewConnections() {
        links.forEach(link -> link.lost = true);
        CountDownLatch before = frozen;
        frozen = new CountDownLatch(0);
        before.countDown();
    }

    @Override
    public void close() throws IOException {
        door.close();
        links.forEach(link -> link.closed.countDown());
        frozen.countDown();
        cutAll();
    }

    private void accept() throws IOException, InterruptedException {
        while (true) {
            Socket client = door.accept();
            accepted.incrementAndGet();
            if (toRefuse.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                client.setSoLinger(true, 0);
                client.close();
                continue;
            }
            Link link = new Link(client, new Socket(host, port));
            links.add(link);
            start("to server", () -> link.pump(client, link.server, Direction.TO_SERVER));
            start("to client", () -> link.pump(link.server, client, Direction.TO_CLIENT));
        }
    }

    private interface Work {
        void run() throws IOException, InterruptedException;
    }

    private static void start(String name, Work work) {
        Thread thread = new Thread(
                () -> {
                    try {
                        work.run();
                    } catch (IOException | InterruptedException end) {
                        // a socket was closed: that is what this class is for
                    }
                },
                "cutting-proxy " + name);
        thread.setDaemon(true);
        thread.start();
    }

    private abstract static class Fault {

        final CompletableFuture<Void> done = new CompletableFuture<>();

        /** How many of these bytes to forward. */
        abstract int forward(Link link, Direction where, byte[] chunk, int length);

        abstract Passage passage(Link link, Direction where, byte[] chunk, int length);
    }

    private final class Link {

        private final Socket client;
        private final Socket server;
        private final CountDownLatch closed = new CountDownLatch(1);
        private volatile boolean lost;
        private volatile boolean loggedIn;

        Link(Socket client, Socket server) {
            this.client = client;
            this.server = server;
        }

        void pump(Socket from, Socket to, Direction where) throws IOException, InterruptedException {
            byte[] chunk = new byte[16_384];
            try {
                InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream();
                for (int length = in.read(chunk); length >= 0; length = in.read(chunk)) {
                    frozen.await();
                    if (lost) {
                        closed.await();
                    }
                    Fault now = fault.get();
                    out.write(chunk, 0, now == null ? length : now.forward(this, where, chunk, length));
                    Passage passage = now == null ? Passage.FORWARD : now.passage(this, where, chunk, length);
                    if (where == Direction.TO_CLIENT && endsReadyForQuery(chunk, length)) {
                        loggedIn = true;
                    }
                    if (passage == Passage.CUT || passage == Passage.FALL_SILENT) {
                        lost = passage == Passage.FALL_SILENT;
                        if (!lost) {
                            cut();
                        }
                        if (fault.compareAndSet(now, null)) {
                            now.done.complete(null);
                        }
                    }
                }
            } finally {
                cut();
            }
        }

        void cut() {
            links.remove(this);
            try {
                client.close();
                server.close();
            } catch (IOException closedAlready) {
                // as wanted
            }
        }
    }
}
