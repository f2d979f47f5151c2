internal import Elements
internal import Evidence
internal import Foundation
internal import LanguageModels
internal import LinearAlgebra
internal import SparseCoders
internal import Tokenization

/// The inputs that benchmarks share: the opened files, and the corpus as tokens.
struct BenchmarkInputs: Sendable {
    let settings: BenchmarkSettings
    let model: LanguageModel
    let tokenizer: Tokenizer
    let coder: SparseCoder
    let hookpoint: Hookpoint
    let mode: BatchMode
    let work: ModelWork
    let seconds: Seconds
    let tokens: [UInt32]
    let peak: MatrixPeak

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
        tokens = Self.tokens(settings, tokenizer)
        peak = try await MatrixPeak(threads: settings.threads, seconds: seconds)
    }

    /// The corpus' first tokens, whatever document they are of: enough for every benchmark.
    private static func tokens(_ settings: BenchmarkSettings, _ tokenizer: Tokenizer) -> [UInt32] {
        let needed = max(16_384, 4 * settings.threads * max(settings.context, 256))
        var tokens: [UInt32] = []
        for text in settings.texts where tokens.count < needed { tokens += tokenizer.encode(text) }
        return tokens
    }

    /// The corpus' first contexts of a length, all full; throws if it has fewer.
    func contexts(_ count: Int, length: Int) throws(BenchmarkError) -> [[UInt32]] {
        guard tokens.count >= count * length else { throw .tooFewTokens(found: tokens.count, needed: count * length) }
        return (0..<count).map { Array(tokens[$0 * length..<($0 + 1) * length]) }
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
