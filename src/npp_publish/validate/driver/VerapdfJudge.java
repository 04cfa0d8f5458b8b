import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.PDFAValidator;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;
import org.verapdf.pdfa.validation.profiles.RuleId;

/**
 * Judges one PDF against every standard (PDF/A, PDF/UA) that its own metadata claims.
 *
 * A file that claims none gets one finding with the code NO-CLAIM. Each broken rule is one finding
 * with the number of its failed checks and the place of the first.
 */
public final class VerapdfJudge implements Function<Path, List<Map<String, Object>>> {
    public VerapdfJudge() {
        VeraGreenfieldFoundryProvider.initialise();
    }

    @Override
    public List<Map<String, Object>> apply(Path file) {
        List<Map<String, Object>> findings = new ArrayList<>();
        try {
            Set<PDFAFlavour> claims = new LinkedHashSet<>(claimed(file));
            claims.remove(PDFAFlavour.NO_FLAVOUR);
            if (claims.isEmpty()) {
                findings.add(finding("NO-CLAIM", "INFO", "the file claims no PDF/A or PDF/UA standard", ""));
            }
            for (PDFAFlavour claim : claims) {
                judge(file, claim, findings);
            }
        } catch (Exception problem) {
            throw new IllegalStateException(problem);
        }
        return findings;
    }

    private static List<PDFAFlavour> claimed(Path file) throws Exception {
        try (PDFAParser parser = Foundries.defaultInstance().createParser(file.toFile())) {
            return parser.getFlavours();
        }
    }

    private static void judge(Path file, PDFAFlavour claim, List<Map<String, Object>> findings) throws Exception {
        try (PDFAParser parser = Foundries.defaultInstance().createParser(file.toFile(), claim)) {
            PDFAValidator validator = Foundries.defaultInstance().createValidator(claim, -1, false, true, false);
            ValidationResult result = validator.validate(parser);
            for (Map.Entry<RuleId, Integer> failed : result.getFailedChecks().entrySet()) {
                findings.add(broken(claim, failed.getKey(), failed.getValue(), result));
            }
            if (!result.isCompliant() && result.getFailedChecks().isEmpty()) {
                findings.add(finding(claim.getId(), "ERROR", "not compliant with " + claim, ""));
            }
        }
    }

    private static Map<String, Object> broken(
            PDFAFlavour claim, RuleId rule, int count, ValidationResult result) {
        String message = "";
        String place = "";
        for (TestAssertion assertion : result.getTestAssertions()) {
            if (assertion.getRuleId().equals(rule)) {
                message = assertion.getMessage();
                place = assertion.getLocation() == null ? "" : assertion.getLocation().getContext();
                break;
            }
        }
        String code = claim.getId() + ":" + rule.getClause() + "-" + rule.getTestNumber();
        return finding(code, "ERROR", message + " (" + count + "x)", place);
    }

    private static Map<String, Object> finding(String code, String severity, String message, String inside) {
        Map<String, Object> finding = new LinkedHashMap<>();
        finding.put("code", code);
        finding.put("severity", severity);
        finding.put("message", message);
        finding.put("inside", inside);
        return finding;
    }
}
