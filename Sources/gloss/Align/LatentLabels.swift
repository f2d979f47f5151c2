import Elements
import Explaining
import Foundation
import Interchange
import SparseCoders
import Store

/// One explanation for each latent of a coder that has one.
struct LatentLabels {
    private let texts: [Int: String]

    /// Reads a state directory, using the newest explanation of each latent, or a file of JSON lines, using the last.
    ///
    /// - Throws: If nothing can be read, or if a state directory has explanations of other coders only.
    init(path: String, coder: SparseCoder) throws {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            throw OneStageError("\(path): no such file or state directory")
        }
        texts = try isFolder.boolValue ? Self.stored(in: path, coder) : Self.rows(of: path, latents: coder.latents)
    }

    subscript(latent: Int) -> String? { texts[latent] }

    private static func rows(of path: String, latents: Int) throws -> [Int: String] {
        do {
            let rows = try ExplanationFile.read(Data(contentsOf: URL(fileURLWithPath: path)), latents: latents)
            return Dictionary(rows.map { ($0.latent, $0.text) }) { $1 }
        } catch {
            throw OneStageError("\(path): \(error)")
        }
    }

    private static func stored(in directory: String, _ coder: SparseCoder) throws -> [Int: String] {
        let all = try Store.joinedReader(directory: directory).standingExplanations()
        let own = all.filter { $0.coder.digest == coder.digest && !$0.text.isEmpty }
        guard !own.isEmpty || all.isEmpty else {
            let names = Set(all.map { "\($0.coder.name) (\($0.coder.digest))" }).sorted().joined(separator: ", ")
            throw OneStageError(
                "\(directory) has no explanations of the coder in \(coder.folder), whose digest is \(coder.digest); it has those of "
                    + names)
        }
        // In the store's order, by node and job, so that among those of one epoch the last is always the same.
        return Dictionary(own.map { ($0.latent, $0) }) { $1.provenance.epoch >= $0.provenance.epoch ? $1 : $0 }
            .mapValues(\.text)
    }
}

/// The explanations of both coders; `nil` if none were asked for.
struct MatchedLabels {
    let a: LatentLabels?
    let b: LatentLabels?

    var areAny: Bool { a != nil || b != nil }
}
