internal import Elements
internal import Evidence
internal import Foundation
internal import LanguageModels
internal import LinearAlgebra
internal import SparseCoders
internal import Tokenization

/// What benchmarks share: the opened files, and the corpus as full contexts.
struct BenchmarkInputs: Sendable {
    let settings: BenchmarkSettings
    let model: LanguageModel
    let tokenizer: Tokenizer
    let coder: SparseCoder
    let hookpoint: Hookpoint
    let mode: BatchMode
    let work: ModelWork
    let seconds: Seconds
    /// Contexts of `BenchmarkSettings.contextLength` tokens, all full, whatever document they are of.
    let contexts: [[UInt32]]
    let peak: MatrixPeak

    /// So many full contexts are enough for every benchmark.
    private static let mostContexts = 64

    /// Opens what the settings name.
    init(_ settings: BenchmarkSettings) async throws {
        self.settings = settings
        model = try LanguageModel(path: settings.model)
        tokenizer = try Tokenizer.load(from: settings.model)
        coder = try SparseCoder(folder: settings.coder)
        hookpoint = try model.hookpoint(named: settings.hookpoint)
        let width = try model.width(at: hookpoint)
        guard coder.inputWidth == width else {
            throw BenchmarkError.setting(
                name: "coder", found: "\(settings.coder) for activations of width \(coder.inputWidth)",
                expected: "one for \(settings.hookpoint) of \(settings.model), whose width is \(width)")
        }
        mode = model.batchMode()
        work = ModelWork(model.configuration)
        seconds = Seconds(clock: settings.clock)
        contexts = Self.contexts(of: settings.texts, tokenizer)
        peak = try await MatrixPeak(threads: settings.threads, seconds: seconds)
    }

    private static func contexts(of texts: [String], _ tokenizer: Tokenizer) -> [[UInt32]] {
        let length = BenchmarkSettings.contextLength
        var tokens: [UInt32] = []
        for text in texts {
            tokens += tokenizer.encode(text)
            if tokens.count >= mostContexts * length { break }
        }
        return stride(from: 0, to: tokens.count / length * length, by: length).prefix(mostContexts).map {
            Array(tokens[$0..<$0 + length])
        }
    }

    /// The first full contexts; throws where the corpus has fewer.
    func contexts(_ count: Int) throws(BenchmarkError) -> [[UInt32]] {
        guard contexts.count >= count else {
            let length = BenchmarkSettings.contextLength
            throw .tooFewTokens(found: contexts.count * length, needed: count * length)
        }
        return Array(contexts.prefix(count))
    }

    /// The bytes of the model's files: what decoding reads for each token.
    func modelBytes() -> Double {
        var isFolder: ObjCBool = false
        let files = FileManager.default
        guard files.fileExists(atPath: model.path, isDirectory: &isFolder), isFolder.boolValue else {
            return Self.size(model.path)
        }
        let names = (try? files.contentsOfDirectory(atPath: model.path)) ?? []
        return names.filter { $0.hasSuffix(".safetensors") }.reduce(0) { $0 + Self.size(model.path + "/" + $1) }
    }

    private static func size(_ path: String) -> Double {
        let attributes = try? FileManager.default.attributesOfItem(atPath: path)
        return (attributes?[.size] as? NSNumber)?.doubleValue ?? 0
    }
}
