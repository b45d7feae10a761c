package io.reactivestore.benchmarks;

/** Entry point of the benchmarks. */
public final class Main {

    private Main() {}

    /** Prints the usage. */
    public static void main(String[] args) {
        System.out.println("usage: java -jar benchmarks.jar <benchmark>");
    }
}
