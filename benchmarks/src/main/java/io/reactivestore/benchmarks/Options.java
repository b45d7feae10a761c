package io.reactivestore.benchmarks;

import io.reactivestore.benchmarks.peers.Peer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What was asked for. */
record Options(String command, Map<String, String> given) {

    private static final Set<String> COMMANDS = Set.of("append", "end-to-end", "micro", "growth", "all");
    private static final Set<String> FLAGS = Set.of("--short", "--jfr");
    private static final Set<String> VALUES =
            Set.of("--out", "--rounds", "--millis", "--callers", "--payloads", "--entries", "--restate", "--peers");

    static Options parse(String... args) {
        if (args.length == 0 || !COMMANDS.contains(args[0])) {
            throw new IllegalArgumentException(args.length == 0 ? "no command" : "unknown command " + args[0]);
        }
        Map<String, String> given = new LinkedHashMap<>();
        for (int i = 1; i < args.length; i++) {
            if (FLAGS.contains(args[i])) {
                given.put(args[i], "");
            } else if (VALUES.contains(args[i]) && i + 1 < args.length) {
                given.put(args[i], args[++i]);
            } else {
                throw new IllegalArgumentException("unknown option, or one without value: " + args[i]);
            }
        }
        return new Options(args[0], given);
    }

    /** All parts take turns of their own, each a little shorter than alone. */
    private boolean isAll() {
        return command.equals("all");
    }

    boolean includes(String part) {
        return isAll() || command.equals(part);
    }

    boolean isGiven(String option) {
        return given.containsKey(option);
    }

    boolean isShort() {
        return isGiven("--short");
    }

    Path directory() {
        return Path.of(value("--out", "target/benchmarks"));
    }

    int rounds() {
        return Integer.parseInt(value("--rounds", isShort() ? "1" : isAll() ? "3" : "5"));
    }

    int warmUpRounds() {
        return isShort() ? 0 : isAll() ? 3 : 4;
    }

    Duration time() {
        return Duration.ofMillis(Long.parseLong(value("--millis", isShort() ? "200" : isAll() ? "600" : "1000")));
    }

    List<Integer> callers() {
        return numbers(value("--callers", isShort() ? "1,64" : "1,16,64,256,1024"));
    }

    List<Integer> payloads() {
        return numbers(value("--payloads", "100"));
    }

    List<Long> entries() {
        return Stream.of(value("--entries", "").split(",")).map(Long::valueOf).toList();
    }

    String restate() {
        return value("--restate", "");
    }

    List<Peer> peers() {
        return Stream.of(value("--peers", "").split(",")).map(Peer::valueOf).toList();
    }

    private String value(String option, String otherwise) {
        @Nullable String value = given.get(option);
        return value == null ? otherwise : value;
    }

    private static List<Integer> numbers(String text) {
        return Stream.of(text.split(",")).map(Integer::valueOf).toList();
    }
}
