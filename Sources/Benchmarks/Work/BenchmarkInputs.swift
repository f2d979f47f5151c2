internal import Elements
internal import Foundation
internal import LanguageModels
internal import LinearAlgebra
internal import SparseCoders
internal import Tokenization

/// The inputs that rows share, opened as far as a chosen row needs them.
struct BenchmarkInputs: Sendable {
    let settings: BenchmarkSettings
    let seconds: Seconds
    private let openedModel: OpenedModel?
    private let openedHookpoint: Hookpoint?
    private let openedCoder: SparseCoder?
    private let openedTokens: [UInt32]?

    private struct OpenedModel {
        let model: LanguageModel
        let tokenizer: Tokenizer
    }

    /// Opens what the settings name and some rows need.
    ///
    /// Throws for the first that cannot be opened, naming a row that needs it.
    init(_ settings: BenchmarkSettings, for benchmarks: [Benchmark]) throws(BenchmarkError) {
        self.settings = settings
        seconds = Seconds(clock: settings.clock)
        func open<Value>(_ need: BenchmarkNeed, _ body: () throws -> Value) throws(BenchmarkError) -> Value? {
            guard let row = Benchmark.first(needing: need, among: benchmarks) else { return nil }
            do {
                return try body()
            } catch {
                throw .missing(need, row: row, reason: "\(error)")
            }
        }
        let opened = try open(.model) {
            OpenedModel(
                model: try LanguageModel(path: settings.model), tokenizer: try Tokenizer.load(from: settings.model))
        }
        let hookpoint = try open(.hookpoint) { try opened?.model.hookpoint(named: settings.hookpoint) } ?? nil
        openedCoder = try open(.coder) {
            let coder = try SparseCoder(folder: settings.coder)
            guard let width = try hookpoint.map({ try opened?.model.width(at: $0) }), coder.inputWidth == width else {
                throw BenchmarkError.setting(
                    name: "coder", found: "\(settings.coder) for activations of width \(coder.inputWidth)",
                    expected: "one for \(settings.hookpoint) of \(settings.model)")
            }
            return coder
        }
        openedTokens = try open(.corpus) {
            guard settings.texts.contains(where: { !$0.isEmpty }) else {
                throw BenchmarkError.setting(name: "corpus", found: "no text", expected: "documents with text")
            }
            return opened.map { Self.tokens(settings, $0.tokenizer) } ?? []
        }
        openedModel = opened
        openedHookpoint = hookpoint
    }

    /// The corpus' first tokens, whatever document they are of: enough for every benchmark.
    private static func tokens(_ settings: BenchmarkSettings, _ tokenizer: Tokenizer) -> [UInt32] {
        let needed = max(16_384, 4 * settings.threads * max(settings.context, 256))
        var tokens: [UInt32] = []
        for text in settings.texts where tokens.count < needed { tokens += tokenizer.encode(text) }
        return tokens
    }
}

/// What was opened; each throws if no row that is measured says that it needs it.
extension BenchmarkInputs {
    var model: LanguageModel { get throws(BenchmarkError) { try opened(openedModel, .model).model } }
    var tokenizer: Tokenizer { get throws(BenchmarkError) { try opened(openedModel, .model).tokenizer } }
    var hookpoint: Hookpoint { get throws(BenchmarkError) { try opened(openedHookpoint, .hookpoint) } }
    var coder: SparseCoder { get throws(BenchmarkError) { try opened(openedCoder, .coder) } }
    /// The corpus' first tokens.
    var tokens: [UInt32] { get throws(BenchmarkError) { try opened(openedTokens, .corpus) } }
    /// The operations that the model takes.
    var work: ModelWork { get throws(BenchmarkError) { ModelWork(try model.configuration) } }

    private func opened<Value>(_ value: Value?, _ need: BenchmarkNeed) throws(BenchmarkError) -> Value {
        guard let value else {
            throw .notMeasurable(what: need.title, reason: "no row that was chosen says that it needs it")
        }
        return value
    }

    /// The corpus' first contexts of a length, all full; throws if it has fewer.
    func contexts(_ count: Int, length: Int) throws(BenchmarkError) -> [[UInt32]] {
        let tokens = try tokens
        guard tokens.count >= count * length else { throw .tooFewTokens(found: tokens.count, needed: count * length) }
        return (0..<count).map { Array(tokens[$0 * length..<($0 + 1) * length]) }
    }

    /// The bytes of the model's files: what decoding reads for each token.
    func modelBytes() -> Double {
        let path = settings.model
        var isFolder: ObjCBool = false
        let files = FileManager.default
        guard files.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue else {
            return Self.size(path)
        }
        let names = (try? files.contentsOfDirectory(atPath: path)) ?? []
        return names.filter { $0.hasSuffix(".safetensors") }.reduce(0) { $0 + Self.size(path + "/" + $1) }
    }

    private static func size(_ path: String) -> Double {
        let attributes = try? FileManager.default.attributesOfItem(atPath: path)
        return (attributes?[.size] as? NSNumber)?.doubleValue ?? 0
    }
}
