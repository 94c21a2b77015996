import java.io.*;
import java.nio.charset.StandardCharsets;
import java.nio.file.*;
import java.util.*;
import org.javarosa.core.model.*;
import org.javarosa.core.model.data.IAnswerData;
import org.javarosa.core.model.instance.*;
import org.javarosa.core.model.instance.InstanceInitializationFactory;
import org.javarosa.core.services.PrototypeManager;
import org.javarosa.core.util.JavaRosaCoreModule;
import org.javarosa.form.api.*;
import org.javarosa.model.xform.XFormsModule;
import org.javarosa.xform.util.*;

/** Walks forms with ODK's own engine: asks what it asks, answers from a file, prints what is kept. */
public class Walk {
    public static void main(String[] args) throws Exception {
        PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, "UTF-8");
        new XFormsModule().registerModule();
        PrototypeManager.registerPrototypes(CoreModelModule.classNames);
        PrototypeManager.registerPrototypes(JavaRosaCoreModule.classNames);
        for (int i = 0; i + 1 < args.length; i += 2) {
            out.println("FORM\t" + i / 2);
            walk(args[i], args[i + 1], out);
        }
    }

    static void walk(String xml, String script, PrintStream out) throws Exception {
        Map<String, List<String>> answers = new HashMap<>();
        for (String line : Files.readAllLines(Paths.get(script), StandardCharsets.UTF_8)) {
            int tab = line.indexOf('\t');
            if (tab > 0) answers.computeIfAbsent(line.substring(0, tab), k -> new ArrayList<>()).add(line.substring(tab + 1));
        }
        FormDef def = XFormUtils.getFormFromInputStream(new FileInputStream(xml));
        def.initialize(true, new InstanceInitializationFactory());
        FormEntryModel model = new FormEntryModel(def);
        FormEntryController controller = new FormEntryController(model);
        controller.jumpToIndex(FormIndex.createBeginningOfFormIndex());
        int event;
        while ((event = controller.stepToNextEvent()) != FormEntryController.EVENT_END_OF_FORM) {
            if (event != FormEntryController.EVENT_QUESTION) continue;
            FormEntryPrompt prompt = model.getQuestionPrompt();
            String ref = model.getFormIndex().getReference().toString(true);
            out.println("ASK\t" + ref);
            for (String said : answers.getOrDefault(ref, Collections.emptyList())) {
                IAnswerData data = XFormAnswerDataParser.getAnswerData(said, prompt.getDataType(), prompt.getQuestion());
                int result = controller.answerQuestion(model.getFormIndex(), data, false);
                if (result == FormEntryController.ANSWER_OK) break;
                out.println("NO\t" + ref);
            }
        }
        values(def.getMainInstance().getRoot(), out);
    }

    static void values(TreeElement element, PrintStream out) {
        if (!element.isRelevant() || element.getMult() == TreeReference.INDEX_TEMPLATE) return;
        for (int i = 0; i < element.getNumChildren(); i++) values(element.getChildAt(i), out);
        if (element.getNumChildren() == 0) {
            IAnswerData value = element.getValue();
            String text = value == null ? "" : value.uncast().getString();
            out.println("VAL\t" + element.getRef().toString(true) + "\t" + text);
        }
    }
}
