import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * One virtual machine for all Java judges.
 *
 * Usage: java Bench DOCKET. Each line of the docket is tab-separated: the judge's name, its class, its class
 * path, then the files it is to judge. Every judge has a class loader and a thread of its own, because
 * the judges carry different versions of the same libraries. One line of JSON is printed for each
 * file as soon as its verdict is known. What the judges themselves print goes to standard error.
 */
public final class Bench {
    private Bench() {}

    public static void main(String[] args) throws Exception {
        PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
        System.setOut(System.err);
        java.util.logging.LogManager.getLogManager().reset();
        List<Thread> threads = new ArrayList<>();
        for (String line : Files.readAllLines(Path.of(args[0]), StandardCharsets.UTF_8)) {
            String[] cells = line.split("\t");
            URLClassLoader loader = new URLClassLoader(urls(cells[2]), ClassLoader.getPlatformClassLoader());
            Thread thread = new Thread(null, () -> hear(cells, loader, out), cells[0], 64L << 20);
            thread.setContextClassLoader(loader);
            threads.add(thread);
            thread.start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        out.flush();
        System.exit(0);
    }

    private static URL[] urls(String path) throws Exception {
        List<URL> found = new ArrayList<>();
        for (String part : path.split(java.io.File.pathSeparator)) {
            found.add(Path.of(part).toUri().toURL());
        }
        return found.toArray(new URL[0]);
    }

    @SuppressWarnings("unchecked")
    private static void hear(String[] cells, ClassLoader loader, PrintStream out) {
        Function<Path, List<Map<String, Object>>> judge = null;
        Throwable refused = null;
        try {
            judge = (Function<Path, List<Map<String, Object>>>)
                    loader.loadClass(cells[1]).getDeclaredConstructor().newInstance();
        } catch (Throwable problem) {
            refused = problem;
        }
        for (int i = 3; i < cells.length; i++) {
            out.println(Json.write(verdict(cells[0], cells[i], judge, refused)));
        }
    }

    private static Map<String, Object> verdict(
            String name, String file, Function<Path, List<Map<String, Object>>> judge, Throwable refused) {
        Map<String, Object> verdict = new LinkedHashMap<>();
        verdict.put("judge", name);
        verdict.put("path", file);
        long start = System.nanoTime();
        try {
            if (refused != null) {
                throw refused;
            }
            verdict.put("findings", judge.apply(Path.of(file)));
        } catch (Throwable problem) {
            verdict.put("failure", problem.toString());
        }
        verdict.put("seconds", (System.nanoTime() - start) / 1e9);
        return verdict;
    }

    /** The little of JSON that verdicts need. */
    private static final class Json {
        static String write(Object value) {
            StringBuilder text = new StringBuilder();
            put(text, value);
            return text.toString();
        }

        private static void put(StringBuilder text, Object value) {
            if (value == null || value instanceof Number || value instanceof Boolean) {
                text.append(value);
            } else if (value instanceof Map<?, ?> map) {
                String comma = "{";
                for (Map.Entry<?, ?> entry : map.entrySet()) {
                    text.append(comma);
                    quote(text, String.valueOf(entry.getKey()));
                    text.append(':');
                    put(text, entry.getValue());
                    comma = ",";
                }
                text.append(map.isEmpty() ? "{}" : "}");
            } else if (value instanceof List<?> list) {
                text.append('[');
                String comma = "";
                for (Object item : list) {
                    text.append(comma);
                    put(text, item);
                    comma = ",";
                }
                text.append(']');
            } else {
                quote(text, value.toString());
            }
        }

        private static void quote(StringBuilder text, String words) {
            text.append('"');
            for (char c : words.toCharArray()) {
                if (c == '"' || c == '\\') {
                    text.append('\\').append(c);
                } else if (c < 32 || Character.isSurrogate(c)) {
                    text.append(String.format("\\u%04x", (int) c));
                } else {
                    text.append(c);
                }
            }
            text.append('"');
        }
    }
}
