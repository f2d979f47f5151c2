import Dataflow
import Elements
import Explaining
import Foundation
import Running
import Store
import Topology

/// Takes explanations from a file.
struct LoadedExplainNode: Explains {
    private static let path = Field.required(
        "path", .path,
        """
        A file of JSON lines with `index` and `description`, as Neuronpedia has them, or `latent` and `explanation`.
        """)

    static let schema = NodeSchema(
        kind: .stage, type: "explain",
        variant: NodeSchema.Variant(field: "explainer", value: GivenExplainer.loadedName),
        inputs: [.evidence], maximumInputs: 1, output: .explanations, fields: [path.schema] + GivenFields.fields,
        documentation: "Takes explanations from a file, so that they are scored like any others.")

    let node: Node
    private let path: String
    private let given: GivenFields

    var latents: LatentSelection { given.latents }
    /// Nothing challenges what is given.
    var requests: [LatentRequest.Kind] { [] }

    init(_ node: Node) throws(TopologyError) {
        self.node = node
        path = try node[Self.path]
        given = try GivenFields(node)
    }

    func check(in graph: Graph, into findings: inout NodeFindings) {
        graph.checkCoders(above: node, into: &findings)
        guard FileManager.default.fileExists(atPath: path) else {
            return findings.report(
                .missingFile, node.mark(of: Self.path), "\(id): there is no file \(path)", help: NodeFindings.pathHelp)
        }
        // A coder that cannot be opened has its own finding.
        guard let latents = try? graph.codes(above: node).shape(in: graph).latents else { return }
        do {
            _ = try rows(of: latents)
        } catch {
            findings.report(.badFile, node.mark(of: Self.path), "\(error)")
        }
    }

    func memory(_ shape: ScoringMemory) -> Double { shape.explanations(latents) }

    func build(_ context: NodeContext, into pipeline: Pipeline, timers: StageTimers) throws {
        let coder = try context.graph.codes(above: node).coderIdentity(in: context.graph)
        pipeline.run(node, try given.stage(rows(of: coder.latents), context, of: node, timers: timers), timers)
    }

    private func rows(of latents: Int) throws -> [Int: [ExplanationRow]] {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw DaemonError(.configuration, "\(id): \(path) cannot be read; give a file of JSON lines")
        }
        do {
            return Dictionary(grouping: try ExplanationFile.read(data, latents: latents), by: \.latent)
        } catch {
            throw DaemonError(.configuration, "\(id): \(path): \(error.message)")
        }
    }
}
