import Elements
import LanguageModels
import SparseCoders
import Stages
import Tokenization

/// How well the coder of an encode node fits the first tokens of the corpus.
package struct CoderFitAnswer: Sendable {
    /// What is said of the fit, or why the coder cannot be read.
    package let fit: Result<FitSentence, any Error>
    /// The hookpoint.
    package let hookpoint: String
    /// The mean length of the activations there.
    package let meanLength: Double
    /// The tokens looked at.
    package let tokens: Int
}

/// A measurement that can be made of an encode node.
package struct CoderFitQuestion: Sendable {
    /// The id of the encode node.
    package let node: String
    /// Makes the measurement, which blocks; or why none can be made.
    package let answer: Result<@Sendable () throws -> CoderFitAnswer, FitRefusal>

    /// Why a coder's fit cannot be measured.
    package struct FitRefusal: Error {
        /// The reason.
        package let reason: String
    }
}

extension Graph {
    /// The measurements that can be made of coders in folders, over some `tokens` of the files that feed them.
    package func fitQuestions(tokens: Int) async -> [CoderFitQuestion] {
        var questions: [CoderFitQuestion] = []
        for node in all(EncodeNode.self) {
            guard case .folder? = try? node.choice() else { continue }
            do {
                let contexts = try await firstContexts(above: node, tokens: tokens)
                questions.append(
                    CoderFitQuestion(node: node.id, answer: .success { try node.fit(of: contexts, in: self) }))
            } catch {
                let reason = (error as? CoderFitQuestion.FitRefusal)?.reason ?? "\(error)"
                questions.append(
                    CoderFitQuestion(node: node.id, answer: .failure(CoderFitQuestion.FitRefusal(reason: reason))))
            }
        }
        return questions
    }

    /// The contexts of a file's first documents.
    private func firstContexts(above encode: EncodeNode, tokens: Int) async throws -> [Context] {
        guard let cutting = first((any CutsContexts).self, above: encode.node),
            let file = first(FileSourceNode.self, above: cutting.node)
        else {
            throw CoderFitQuestion.FitRefusal(
                reason: "no file feeds it; a run says how well it fits after \(FirstTokensFit.enough) tokens")
        }
        let cutter = ContextCutter(length: cutting.contextLength, bos: try weights.bos(of: cutting.model))
        let tokenizer = try weights.tokenizer(cutting.model)
        var contexts: [Context] = []
        var count = 0
        for try await documents in file.documents() {
            for document in documents where count < tokens {
                let ids =
                    switch document.content {
                    case .text(let text): tokenizer.encode(text)
                    case .tokens(let tokens): tokens
                    }
                for context in cutter.contexts(of: document, tokens: ids) where count < tokens {
                    contexts.append(context)
                    count += context.tokens.count
                }
            }
            if count >= tokens { break }
        }
        guard count > 0 else { throw CoderFitQuestion.FitRefusal(reason: "the file that feeds it has no document") }
        return contexts
    }
}

extension EncodeNode {
    /// The hookpoint that a coder writes, if it can be read; that of the input if it is no transcoder.
    func written(by coder: SparseCoder, in model: LanguageModel) -> Hookpoint? {
        guard coder.hasDecoder, let read = try? model.hookpoint(named: hookpoint) else { return nil }
        let place = WrittenPlace.hookpoint(of: coder, reading: read, in: model)
        return (try? model.width(at: place)) == coder.outputWidth ? place : nil
    }

    /// Runs contexts through the subject and the coder; blocks.
    fileprivate func fit(of contexts: [Context], in graph: Graph) throws -> CoderFitAnswer {
        guard let forward = graph.first((any RunsSubject).self, above: node) else {
            throw CoderFitQuestion.FitRefusal(reason: "no forward node feeds it")
        }
        let model = try graph.weights.model(forward.model)
        let read = try model.hookpoint(named: hookpoint)
        let opened = Result { try coder(in: graph) }
        let place = (try? opened.get()).flatMap { written(by: $0, in: model) }
        let places = [read] + (place.map { $0 == read ? [] : [$0] } ?? [])
        let pass = try ForwardPass(model: model, hookpoints: places, mode: model.batchMode())
        let batch = ActivationBatch(
            contexts: contexts, activations: try pass.activations(of: contexts.map(\.tokens)))
        let lengths = batch.lengths(at: read.description, from: masksFirst ? 1 : 0)
        let fit = Result {
            let coder = try opened.get()
            let codes = try EncodeWorker(coder: coder).encode(batch, hookpoint: read.description, maskFirst: masksFirst)
            var fit = CoderFit()
            try fit.add(
                codes, of: batch, hookpoint: read.description, written: place?.description, maskFirst: masksFirst,
                by: coder)
            return FitSentence(fit, of: coder, at: hookpoint)
        }
        return CoderFitAnswer(
            fit: fit, hookpoint: hookpoint, meanLength: lengths.reduce(0, +) / Double(max(lengths.count, 1)),
            tokens: lengths.count)
    }
}

extension ActivationBatch {
    /// The lengths of the activations of each context's tokens from a position on.
    fileprivate func lengths(at hookpoint: String, from first: Int) -> [Double] {
        guard let matrix = activations[hookpoint] else { return [] }
        var lengths: [Double] = []
        var row = 0
        for context in contexts {
            for position in context.tokens.indices where position >= first {
                let start = (row + position) * matrix.columns
                let values = matrix.values[start..<start + matrix.columns]
                lengths.append(values.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot())
            }
            row += context.tokens.count
        }
        return lengths
    }
}
