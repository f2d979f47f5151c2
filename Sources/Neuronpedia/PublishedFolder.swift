import JSONText
package import LatentSheets

/// Writes latents as the folder that Neuronpedia's importer reads: `v1/{model}/{source}` with rows in batches.
package struct PublishedFolder {
    /// How many rows were written of each kind.
    package struct Account: Sendable, Hashable {
        package var features = 0
        package var activations = 0
        package var explanations = 0
        package var scores = 0
    }

    /// Latents in one file, as in Neuronpedia's own.
    private static let perBatch = 1024

    private let source: PublishedSource
    private let judge: String
    private let text: (_ ids: [UInt32]) -> String
    private let write: (_ bytes: [UInt8], _ name: String) throws -> Void
    private var batch = Batch()
    private var number = 0
    /// What has been written so far.
    package private(set) var account = Account()

    private struct Batch {
        var latents = 0
        var lines: [String: String] = [:]
    }

    /// Begins a folder.
    ///
    /// - Parameters:
    ///   - judge: The name under which an instance knows the judge.
    ///   - text: Gives the text of tokens as the subject has it.
    ///   - write: Writes a file of a name within the folder.
    package init(
        _ source: PublishedSource, judge: String, text: @escaping (_ ids: [UInt32]) -> String,
        write: @escaping (_ bytes: [UInt8], _ name: String) throws -> Void
    ) {
        self.source = source
        self.judge = judge
        self.text = text
        self.write = write
    }

    /// Adds a latent.
    package mutating func add(_ sheet: LatentSheet) throws {
        try add([FeatureRow(sheet, in: source, text: text)], to: "features", \.features)
        try add(ActivationRow.rows(sheet, in: source, text: text), to: "activations", \.activations)
        try add(LabelRow.rows(sheet, in: source), to: "explanations", \.explanations)
        try add(ScoreRow.rows(sheet, judge: judge, text: text), to: "scores", \.scores)
        batch.latents += 1
        if batch.latents == Self.perBatch { try flush() }
    }

    /// Writes what is left, and the rows of the source itself.
    ///
    /// - Parameters:
    ///   - layers: The subject's layers, 0 if they are not known.
    ///   - neurons: The neurons of one of them, likewise.
    package mutating func finish(layers: Int, neurons: Int) throws {
        if batch.latents > 0 { try flush() }
        for (name, line) in try SourceRows(source, layers: layers, neurons: neurons).files {
            try write(Array((line + "\n").utf8), "\(folder)/\(name).jsonl")
        }
    }

    private var folder: String { "v1/\(source.model)/\(source.name)" }

    private mutating func add(
        _ rows: [some Encodable], to kind: String, _ count: WritableKeyPath<Account, Int>
    ) throws {
        for row in rows { batch.lines[kind, default: ""] += try SortedJSON.text(of: row) + "\n" }
        account[keyPath: count] += rows.count
    }

    private mutating func flush() throws {
        for (kind, lines) in batch.lines.sorted(by: { $0.key < $1.key }) {
            guard let bytes = Gzip.compressed(Array(lines.utf8)) else { throw PublishingFault() }
            try write(bytes, "\(folder)/\(kind)/batch-\(number).jsonl.gz")
        }
        batch = Batch()
        number += 1
    }
}

/// That zlib had no memory.
struct PublishingFault: Error, CustomStringConvertible {
    var description: String { "there is not enough memory to compress a batch of rows" }
}
