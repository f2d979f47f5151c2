import ArgumentParser
import Foundation
import Topology
import WeightFiles

/// Writes a first topology.
struct InitCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Writes a topology of your own: asks for model, coder, corpus and judge, or takes them as options.",
        discussion: """
            What is written has been checked as `gloss validate` does; if something is wrong it says what and writes nothing. \
            Every field is explained in docs/topology.md.
            """)

    @Argument(help: "The file to write.")
    var file = "gloss.yaml"

    @Option(help: "The model to look into: a GGUF file or a Hugging Face folder.")
    var model: String?

    @Option(help: "The token that begins each context; empty for the model file's own rule.")
    var bos: String?

    @Option(help: "The folder or file of the sparse coder, with #N for layer N of a set.")
    var coder: String?

    @Option(help: "Where in the model the coder reads, such as layers.10 (after block 10, counted from 0).")
    var hookpoint: String?

    @Option(help: "The texts: a file with one a line (JSON or plain, also gzip), or kafka://BROKERS/TOPIC.")
    var corpus: String?

    @Option(
        help:
            "Who explains in words and judges: a model file, an OpenAI-compatible address such as http://host/v1, or none."
    )
    var judge: String?

    @Option(help: "The judge's name at its server.")
    var judgeModel: String?

    @Option(help: "The topology's name; by default that of the file.")
    var name: String?

    @Flag(help: "Replace a file that is there already.")
    var force = false

    func run() async throws {
        do {
            guard force || !FileManager.default.fileExists(atPath: file) else {
                throw OneStageError(
                    "\(file) is there already; give another file, or --force to replace it", .configuration)
            }
            let questions = Questions(
                show: { Terminal.ask($0) }, read: { readLine(strippingNewline: true) })
            let topology: StartingTopology
            do {
                topology = try asked(questions)
            } catch let error as Questions.Unanswered {
                throw OneStageError("\(error)", .configuration)
            }
            try write(topology.text)
            try Terminal.print("\(file) is written and sound. Next:\n  gloss run \(file)")
        } catch {
            throw ExitCode(telling: error, of: "init")
        }
    }

    /// The topology that was asked for.
    func asked(_ questions: Questions) throws -> StartingTopology {
        let model = try questions.answer(model, "Model (a GGUF file or a Hugging Face folder)", option: "--model")
        let bos = try questions.answer(
            bos, "Token that begins each context (empty: the model file's own rule)", option: "--bos", usual: "")
        let coder = try questions.answer(coder, "Sparse coder (a folder)", option: "--coder")
        let hookpoint = try questions.answer(
            hookpoint, "Hookpoint that the coder reads, such as layers.10", option: "--hookpoint")
        let corpus = try questions.answer(
            corpus, "Corpus (a file with a text a line, or kafka://BROKERS/TOPIC)", option: "--corpus")
        let judge = try questions.answer(
            judge, "Judge (a model file, an OpenAI-compatible address, or none)", option: "--judge", usual: "none")
        var asked: StartingTopology.Judge?
        if judge.hasPrefix("http://") || judge.hasPrefix("https://") {
            asked = .server(
                judge, model: try questions.answer(judgeModel, "The judge's name there", option: "--judge-model"))
        } else if judge != "none" {
            asked = .file(judge)
        }
        let stem = URL(fileURLWithPath: file).deletingPathExtension().lastPathComponent
        return StartingTopology(
            name: name ?? stem, model: model, bos: bos.isEmpty ? nil : bos, coder: coder, hookpoint: hookpoint,
            corpus: StartingTopology.Corpus(corpus), judge: asked)
    }

    /// Writes the file once what would stand in it has no errors.
    private func write(_ text: String) throws {
        let draft = file + ".draft"
        defer { try? FileManager.default.removeItem(atPath: draft) }
        do {
            try Data(text.utf8).write(to: URL(fileURLWithPath: draft))
        } catch {
            let refusal = SystemRefusal(error)
            throw OneStageError(
                "\(file) cannot be written: \(refusal?.reason ?? error.localizedDescription)",
                refusal?.isOfTheMachine == true ? .machine : .data)
        }
        let (graph, diagnostics, source) = try TopologyLoading.read(draft, keepsWeights: false)
        for diagnostic in diagnostics { TopologyLoading.write(diagnostic, text: source) }
        guard graph != nil else {
            throw OneStageError("\(file) is not written: put right what is named above", .configuration)
        }
        guard rename(draft, file) == 0 else {
            throw OneStageError("\(file) cannot be written: \(String(cString: strerror(errno)))")
        }
    }
}
