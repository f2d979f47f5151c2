package import Dataflow
import Elements
import LanguageModels
package import LatentSheets
package import LinearAlgebra
import Scoring
import SparseCoders
import Stages
import Tokenization

extension Graph {
    /// The nodes by which texts become the codes that a node gives; `nil` if they are not computed here.
    func encodedSubject(
        of codes: any GivesCodes
    ) -> (encode: any EncodesSubject, forward: any RunsSubject, cutter: any CutsContexts)? {
        guard let encode = codes as? any EncodesSubject,
            let forward = first((any RunsSubject).self, above: encode.node),
            let cutter = first((any CutsContexts).self, above: forward.node)
        else { return nil }
        return (encode, forward, cutter)
    }

    /// How texts become the codes that a node gives, as ingest does it; `nil` if they are not computed here.
    ///
    /// - Throws: What opening the model, the tokenizer or the coder throws.
    func subjectPath(of codes: any GivesCodes, mode: BatchMode) throws -> SubjectReader.Path? {
        guard let (encode, forward, cutter) = encodedSubject(of: codes) else { return nil }
        let model = try weights.model(forward.model)
        return SubjectReader.Path(
            model: model, coder: try encode.coder(in: self),
            hookpoint: try model.hookpoint(named: encode.hookpoint), masksFirst: encode.masksFirst,
            tokenizer: try weights.tokenizer(cutter.model),
            cutter: ContextCutter(length: cutter.contextLength, bos: try weights.bos(of: cutter.model)), mode: mode)
    }

    /// What reads texts for each coder whose subject runs in this process, by the name of the node that gives its codes.
    ///
    /// A thread and what it works with are made when the first text comes.
    ///
    /// - Throws: What opening models, tokenizers and coders throws.
    package func textProbes(mode: BatchMode, permits: CorePermits?) throws -> [String: any TextProbe] {
        var probes: [String: any TextProbe] = [:]
        for codes in all((any GivesCodes).self) {
            guard let path = try subjectPath(of: codes, mode: mode) else { continue }
            probes[codes.id] = SubjectProbe(
                reader: SubjectReader(path, name: "\(codes.id)-probe", threads: 1, permits: permits))
        }
        return probes
    }
}

/// Reads texts by the subject and the coder of ingest.
private struct SubjectProbe: TextProbe {
    let reader: SubjectReader
    /// The most tokens of a text that are read.
    private static let tokens = 256

    func read(_ text: String, for latent: Int) async throws -> ProbedText {
        guard let read = try await reader.read([text], tokens: Self.tokens).first else {
            return ProbedText(tokens: [], activations: [])
        }
        return ProbedText(tokens: read.tokens, activations: read.activations(of: latent))
    }
}
