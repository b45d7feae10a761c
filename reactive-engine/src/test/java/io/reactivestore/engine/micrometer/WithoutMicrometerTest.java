package io.reactivestore.engine.micrometer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.reactivestore.engine.DurableEngine;
import io.reactivestore.engine.Workflow;
import io.reactivestore.memory.InMemoryStore;
import java.io.File;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/** Micrometer is optional: an engine works where it is not on the class path. */
class WithoutMicrometerTest {

    /** The same class path, but for Micrometer. */
    private static final class Poorer extends URLClassLoader {
        Poorer() throws MalformedURLException {
            super(classPath(), ClassLoader.getPlatformClassLoader());
        }

        private static URL[] classPath() throws MalformedURLException {
            List<URL> urls = new ArrayList<>();
            for (String place : System.getProperty("java.class.path").split(File.pathSeparator)) {
                urls.add(new File(place).toURI().toURL());
            }
            return urls.toArray(URL[]::new);
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (name.startsWith("io.micrometer.")) {
                throw new ClassNotFoundException(name);
            }
            return super.loadClass(name, resolve);
        }
    }

    /** Loaded anew there, with all that it needs. */
    public static final class Job implements Callable<String> {
        /** For reflection. */
        public Job() {}

        @Override
        public String call() {
            Workflow<String, String> workflow = Workflow.named("job")
                    .input(String.class)
                    .output(String.class)
                    .body((ctx, input) -> ctx.step("a", String.class, () -> Mono.just(input + "a")));
            DurableEngine engine = DurableEngine.builder(InMemoryStore.create())
                    .register(workflow)
                    .listener(event -> {})
                    .build();
            Mono<String> result = engine.run(workflow, "t", "x");
            return result.delayUntil(done -> engine.close()).block(Duration.ofSeconds(60));
        }
    }

    @Test
    void an_engine_runs_without_it() throws Exception {
        try (Poorer loader = new Poorer()) {
            Class<?> job = loader.loadClass(Job.class.getName());
            assertThat(job).isNotSameAs(Job.class);
            Callable<?> there = (Callable<?>) job.getConstructor().newInstance();
            assertThat(there.call()).isEqualTo("xa");
            assertThatThrownBy(() -> loader.loadClass(EngineMeters.class.getName()))
                    .isInstanceOf(NoClassDefFoundError.class)
                    .hasMessageContaining("micrometer");
        }
    }
}
