import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import software.amazon.event.ruler.Machine;

/**
 * Reads lines of JSON, {"pattern": TEXT, "event": TEXT}, and writes for each whether the pattern matches the event. Ends
 * with an error at a pattern that EventBridge would not take.
 */
public final class Match {
  public static void main(String[] arguments) throws Exception {
    ObjectMapper json = new ObjectMapper();
    BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      JsonNode question = json.readTree(line);
      Machine machine = new Machine();
      machine.addRule("rule", question.get("pattern").asText());
      System.out.println(!machine.rulesForJSONEvent(question.get("event").asText()).isEmpty());
    }
  }
}
