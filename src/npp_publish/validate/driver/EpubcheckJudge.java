import com.adobe.epubcheck.api.EPUBLocation;
import com.adobe.epubcheck.api.EpubCheck;
import com.adobe.epubcheck.api.MasterReport;
import com.adobe.epubcheck.messages.Message;
import com.adobe.epubcheck.util.FeatureEnum;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/** Runs EPUBCheck on one book and returns its messages of every severity but SUPPRESSED. */
public final class EpubcheckJudge implements Function<Path, List<Map<String, Object>>> {
    @Override
    public List<Map<String, Object>> apply(Path book) {
        Listener listener = new Listener();
        listener.setLocale(Locale.ENGLISH);
        EpubCheck check = new EpubCheck(book.toFile(), listener);
        check.setLocale(Locale.ENGLISH);
        check.check();
        return listener.findings;
    }

    private static final class Listener extends MasterReport {
        final List<Map<String, Object>> findings = new ArrayList<>();

        @Override
        public void message(Message message, EPUBLocation place, Object... args) {
            String severity = message.getSeverity().toString();
            if (severity.equals("SUPPRESSED")) {
                return;
            }
            Map<String, Object> finding = new LinkedHashMap<>();
            finding.put("code", message.getID().toString());
            finding.put("severity", severity);
            finding.put("message", message.getMessage(args));
            finding.put("hint", message.getSuggestion());
            finding.put("inside", place == null ? "" : place.getPath());
            finding.put("line", place == null ? 0 : Math.max(place.getLine(), 0));
            finding.put("column", place == null ? 0 : Math.max(place.getColumn(), 0));
            findings.add(finding);
        }

        @Override
        public void info(String resource, FeatureEnum feature, String value) {}

        @Override
        public int generate() {
            return 0;
        }

        @Override
        public void initialize() {}
    }
}
