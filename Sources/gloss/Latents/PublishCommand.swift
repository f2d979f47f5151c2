import ArgumentParser
import Foundation
import LatentSheets
import Neuronpedia
import Nodes
import Serving
import Store

/// Writes latents as Neuronpedia's importer reads them.
struct PublishCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "publish",
        abstract: "Writes latents with windows, explanations and scores as a folder that Neuronpedia's importer reads.",
        discussion: """
            Writes `v1/MODEL/SOURCE` with rows of features, activations, explanations and scores in batches (JSON lines, gzip), and \
            those of the model, the source, its set and its release.
            """)

    @Argument(help: "The state directory, as `state.directory` of the topology names it.")
    var state: String

    @OptionGroup var folder: OutputFolder

    @Option(name: .customLong("model-id"), help: "The subject's name at Neuronpedia, such as gpt2-small.")
    var modelID: String

    @Option(help: "The source's name there, as LAYER-SET, such as 6-res-gloss.")
    var source: String

    @Option(help: "The name by which the instance knows the judge of scores.")
    var judge = "gloss"

    @OptionGroup var chosen: ChosenLatents

    @Option(help: "The topology file; by default the one by which the state was last worked on.")
    var topology: String?

    func validate() throws {
        for (name, value) in [("--model-id", modelID), ("--source", source)]
        where value.isEmpty || value.contains("/") || value.hasPrefix(".") {
            throw ValidationError("\(name) must be a name without a slash, and not `\(value)`")
        }
    }

    func run() async throws {
        do {
            try folder.check()
            let stored = try StoredSheets(directory: state, topology: topology) { Notice.write("publish", $0) }
            let index = try stored.sheets.index()
            let keys = try chosen.keys(in: index, stored, of: state)
            let coders = Set(keys.map(\.coder)).sorted()
            guard coders.count < 2 else {
                throw OneStageError(
                    "a source has the latents of one coder, and these are of \(coders.joined(separator: ", ")): name one with "
                        + "--coder", .configuration)
            }
            let text = PublishedText(coders.first.flatMap { stored.sheets.reader.coder($0)?.tokenDecoder })
            var published = PublishedFolder(
                PublishedSource(model: modelID, name: source), judge: judge, text: text.text,
                write: { try folder.write($0, to: $1) })
            for key in keys {
                if let sheet = try stored.sheets.reader.sheet(of: key) { try published.add(sheet) }
            }
            let shape = coders.first.flatMap { stored.graph?.subjectShape(of: $0) }
            try published.finish(layers: shape?.layers ?? 0, neurons: shape?.neurons ?? 0)
            let account = published.account
            Notice.write(
                "publish",
                "\(account.features) latents, \(account.activations) windows, \(account.explanations) explanations and "
                    + "\(account.scores) scores are in \(folder.output)")
        } catch {
            throw ExitCode(telling: error, of: "publish")
        }
    }
}
