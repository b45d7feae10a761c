package io.reactivestore.engine;

import io.reactivestore.engine.PipelineGraph.Edge;
import io.reactivestore.engine.PipelineGraph.Kind;
import io.reactivestore.engine.PipelineGraph.Node;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Draws the graph of a pipeline, link by link. */
final class PipelineDrawing {

    private static final String START = "$start";
    private static final String JOIN = "/$join";
    private static final String END = "$end";

    /** From where the next node is reached. */
    private record Loose(String from, @Nullable String label) {}

    private final List<Node> nodes = new ArrayList<>();
    private final List<Edge> edges = new ArrayList<>();
    private List<Loose> loose = List.of();

    static PipelineGraph of(Type input, List<PipelineLink> links, Type output) {
        PipelineDrawing drawing = new PipelineDrawing();
        drawing.node(START, Kind.START, input);
        drawing.chain("", links);
        drawing.node(END, Kind.END, output);
        return new PipelineGraph(drawing.nodes, drawing.edges);
    }

    private void chain(String scope, List<PipelineLink> links) {
        for (PipelineLink link : links) {
            String key = scope + link.name();
            node(key, link.kind(), link.kind() == Kind.FORK ? null : link.type());
            if (!link.parts().isEmpty()) {
                parts(key, link);
            }
            if (link.kind() == Kind.FORK) {
                node(key + JOIN, Kind.JOIN, link.type());
            }
        }
    }

    private void parts(String key, PipelineLink link) {
        List<Loose> ends = new ArrayList<>();
        link.parts().forEach((name, part) -> {
            loose = List.of(new Loose(key, name));
            chain(key + "/" + name + "/", part.links());
            ends.addAll(loose);
        });
        loose = ends;
    }

    private void node(String key, Kind kind, @Nullable Type type) {
        nodes.add(new Node(key, kind, type == null ? null : Types.nameOf(type)));
        for (Loose before : loose) {
            edges.add(new Edge(before.from(), key, before.label()));
        }
        loose = List.of(new Loose(key, null));
    }
}
