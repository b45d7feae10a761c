/** One durable append at a time, against what people write today and against what the database can take. */
@NullMarked
package io.reactivestore.benchmarks.append;

import org.jspecify.annotations.NullMarked;
