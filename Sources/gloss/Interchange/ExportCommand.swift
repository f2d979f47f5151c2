import ArgumentParser
import Elements
import Foundation
import Interchange
import Tokenization
import WeightFiles

/// Writes the contents of a state directory in the form of other tools.
struct ExportCommand: AsyncParsableCommand {
    enum Format: String, ExpressibleByArgument, CaseIterable {
        case delphi, neuronpedia
    }

    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Writes explanations and scores of a state directory as delphi's files or Neuronpedia's JSON lines.")

    @Argument(help: "The state directory, as `state.directory` of the topology names it.")
    var state: String

    @Argument(help: "Where to write: a folder for delphi, a file for neuronpedia (standard output without it).")
    var output: String?

    @Option(help: "The form: delphi or neuronpedia.")
    var format: Format

    @Option(help: "The encode node whose latents are meant, where there are several.")
    var coder: String?

    @Option(help: "For delphi: the subject model, whose tokenizer gives token texts; without it token ids are written.")
    var model: String?

    @Option(help: "For neuronpedia: `modelId`, the subject's name there.")
    var modelID: String?

    @Option(help: "For neuronpedia: `layer`, the source's name there; the hookpoint without it.")
    var source: String?

    @Flag(
        name: [.long, .customLong("overwrite")],
        help: "Replace a file that is there already, or, for delphi, files of an earlier export in the folder.")
    var force = false

    func validate() throws {
        switch format {
        case .delphi:
            if output == nil { throw ValidationError("--format delphi needs a folder to write to") }
        case .neuronpedia:
            if modelID == nil { throw ValidationError("--format neuronpedia needs --model-id") }
        }
    }

    func run() async throws {
        try await reporting("export") {
            switch format {
            case .delphi: try delphi(to: output ?? "")
            case .neuronpedia: try neuronpedia()
            }
        }
    }

    private func delphi(to folder: String) throws {
        let held = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        if !force, let other = held.sorted().first(where: { $0 == "scores" || $0.hasPrefix("explanations") }) {
            throw OneStageError(
                "\(folder) holds \(other) of an earlier export; give another folder, or --force to replace its files"
            )
        }
        let tokenizer = try model.map { try Tokenizer.load(from: $0) }
        let account = try DelphiExport(state: state, coder: coder, tokenDecoder: tokenizer).write(to: folder)
        Notice.write("export", "\(account.explanations) explanations")
        for (scorer, count) in account.scores.sorted(by: { $0.key < $1.key }) {
            Notice.write("export", "\(count) score files of \(scorer)")
        }
        if account.withoutVerdicts > 0 {
            Notice.write("export", "\(account.withoutVerdicts) scores have no verdicts kept and are not written")
        }
        if account.otherMethods > 0 {
            Notice.write("export", "\(account.otherMethods) scores are by methods that delphi has no such file for")
        }
    }

    private func neuronpedia() throws {
        if let output, !force, FileManager.default.fileExists(atPath: output) {
            throw OneStageError("\(output) is there already; give another file, or --force to replace it")
        }
        let lines = try NeuronpediaExport(state: state, coder: coder).lines(modelID: modelID ?? "", source: source)
        guard let output else { return try Terminal.write(lines) }
        do {
            try lines.write(to: URL(fileURLWithPath: output), options: .atomic)
        } catch {
            let refusal = SystemRefusal(error)
            throw OneStageError(
                "\(output) cannot be written: \(refusal?.reason ?? error.localizedDescription)",
                refusal?.isOfTheMachine == true ? .machine : .data)
        }
    }
}
