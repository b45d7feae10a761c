package io.reactivestore.engine;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a workflow says about traces that were started with other code.
 *
 * @param shape its graph, for a workflow that has one
 */
record CodeChanges(@Nullable Shape shape, ChangePolicy policy, List<Migration> migrations) {

    static final CodeChanges NONE = new CodeChanges(null, ChangePolicy.PINNED, List.of());

    CodeChanges withShape(Shape shape) {
        return new CodeChanges(shape, policy, migrations);
    }

    CodeChanges withPolicy(ChangePolicy policy) {
        return new CodeChanges(shape, policy, migrations);
    }

    CodeChanges withMigration(Migration migration) {
        List<Migration> all = new ArrayList<>(migrations);
        all.add(migration);
        return new CodeChanges(shape, ChangePolicy.MIGRATE, List.copyOf(all));
    }

    @Nullable
    String structure() {
        return shape == null ? null : shape.hash();
    }

    /** Whether a trace of one version may run as another. */
    boolean bring(String from, String to) {
        return from.equals(to)
                || policy == ChangePolicy.CONTINUE
                || (policy == ChangePolicy.MIGRATE && path(from, to) != null);
    }

    /** The shortest chain of migrations between versions, at least one; null if there is none. */
    @Nullable
    List<Migration> path(String from, String to) {
        Set<String> reached = new HashSet<>();
        ArrayDeque<List<Migration>> paths = new ArrayDeque<>();
        paths.add(List.of());
        while (!paths.isEmpty()) {
            List<Migration> path = paths.remove();
            String at = path.isEmpty() ? from : path.get(path.size() - 1).to();
            if (at.equals(to) && !path.isEmpty()) {
                return path;
            }
            for (Migration next : migrations) {
                if (next.from().equals(at) && reached.add(next.to())) {
                    List<Migration> longer = new ArrayList<>(path);
                    longer.add(next);
                    paths.add(longer);
                }
            }
        }
        return null;
    }
}
