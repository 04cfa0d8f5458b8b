import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import nu.validator.client.EmbeddedValidator;

/** Runs the Nu Html Checker (HTML, its CSS and its SVG) on one page; its own JSON travels as `report`. */
public final class VnuJudge implements Function<Path, List<Map<String, Object>>> {
    @Override
    public List<Map<String, Object>> apply(Path page) {
        EmbeddedValidator validator = new EmbeddedValidator();
        validator.setOutputFormat(EmbeddedValidator.OutputFormat.JSON);
        try {
            return List.of(Map.of("report", validator.validate(page)));
        } catch (Exception problem) {
            throw new IllegalStateException(problem);
        }
    }
}
