package io.reactivestore.engine;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.reactivestore.Sha256;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The shape of a {@link Pipeline} as data: what is done, and what follows what. Two pipelines of one shape have equal graphs,
 * whatever their functions do.
 *
 * <pre>{@code
 * PipelineGraph graph = Pipeline.named("create-account", Employee.class)
 *         .then("create", Account.class, hired -> accounts.create(hired))
 *         .graph();
 * System.out.println(graph.toMermaid());
 * }</pre>
 *
 * @param nodes in the order of the definition
 * @param edges in the order of the definition
 */
public record PipelineGraph(List<Node> nodes, List<Edge> edges) {

    /** What a node is. */
    public enum Kind {
        /** Where the input comes in. */
        START("([", "])"),
        /** A step. */
        STEP("[", "]"),
        /** A step whose result is the name of the case that follows. */
        CHOICE("{", "}"),
        /** A wait for a decision. */
        WAIT("[/", "/]"),
        /** A wait for a time. */
        SLEEP("[\\", "\\]"),
        /** Where branches begin that run side by side. Nothing is recorded here. */
        FORK("{{", "}}"),
        /** Where they are joined. Nothing is recorded here. */
        JOIN("{{", "}}"),
        /** Where the result goes out. */
        END("([", "])");

        private final String opening;
        private final String closing;

        Kind(String opening, String closing) {
            this.opening = opening;
            this.closing = closing;
        }

        /** Whether it has a key that is found on record and that somebody can decide about. */
        boolean isRecorded() {
            return this == STEP || this == CHOICE || this == WAIT || this == SLEEP;
        }
    }

    /**
     * A node.
     *
     * @param key the key of the step; of a node that is none, a name that no step has
     * @param kind what it is
     * @param type the Java type of what it hands on, or null if it hands on what it was given
     */
    public record Node(String key, Kind kind, @Nullable String type) {}

    /**
     * What follows what.
     *
     * @param from the key of a node
     * @param to the key of the node that follows it
     * @param label the name of the case or branch, or null
     */
    public record Edge(String from, String to, @Nullable String label) {}

    /**
     * Copies the lists.
     *
     * @param nodes in the order of the definition
     * @param edges in the order of the definition
     */
    public PipelineGraph {
        nodes = List.copyOf(nodes);
        edges = List.copyOf(edges);
    }

    /**
     * Gives the structural hash: recorded with each trace at its start, and compared when the trace is taken up again.
     *
     * @return the SHA-256 of names, kinds, types and order, as 64 hexadecimal digits
     */
    public String hash() {
        List<String> lines = new ArrayList<>();
        for (Node node : nodes) {
            lines.add(line(node.kind().name(), node.key(), node.type()));
        }
        for (Edge edge : edges) {
            lines.add(line(edge.from(), edge.to(), edge.label()));
        }
        return Sha256.of(String.join("\n", lines).getBytes(UTF_8)).toString();
    }

    /** Keys and types hold no control characters. */
    private static String line(String first, String second, @Nullable String third) {
        return first + '\t' + second + '\t' + (third == null ? "" : third);
    }

    /**
     * Draws the graph.
     *
     * @return a flow chart in the language of Mermaid
     */
    public String toMermaid() {
        StringBuilder chart = new StringBuilder("flowchart TD\n");
        Map<String, String> ids = new HashMap<>();
        for (Node node : nodes) {
            String id = "n" + ids.size();
            ids.put(node.key(), id);
            chart.append("    ").append(id).append(node.kind().opening);
            chart.append(quoted(node.key())).append(node.kind().closing).append('\n');
        }
        for (Edge edge : edges) {
            String label = edge.label() == null ? "" : "|" + quoted(edge.label()) + "|";
            chart.append("    ").append(ids.get(edge.from())).append(" -->").append(label);
            chart.append(' ').append(ids.get(edge.to())).append('\n');
        }
        return chart.toString();
    }

    private static String quoted(String text) {
        return '"' + text.replace("\"", "#quot;") + '"';
    }
}
