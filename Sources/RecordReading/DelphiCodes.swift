package import Elements
import Hashing
package import Interchange
import Running

extension DelphiCache {
    /// The codes of rows of tokens, as one batch; each row is one context and one document.
    ///
    /// Negative activations are left out: evidence holds what fires. `masksFirst` leaves the first position of each row out.
    ///
    /// - Throws: `DaemonError` where a document's tokens are not those of its row.
    package func codes(of documents: [Document], masksFirst: Bool) throws -> CodeBatch {
        var contexts: [Context] = []
        var (rowStarts, latents, activations) = ([0], [Int32](), [Float]())
        for document in documents {
            guard case .tokens(let tokens) = document.content, let row = Int(exactly: document.position.offset),
                try tokens == self.tokens(ofRow: row)
            else {
                throw DaemonError(.runtime, "\(folder): row \(document.position.offset) was changed while it was read")
            }
            contexts.append(
                Context(
                    tokens: tokens, document: SipHasher.hash128(tokens: tokens, key: SipKey(k0: 0, k1: 0)),
                    timestamp: document.timestamp, source: document.source))
            var pairs = [[(latent: Int32, activation: Float)]](repeating: [], count: context)
            for split in splits {
                try split.forEachEntry(inRow: row) { entry in
                    guard entry.activation > 0, !(masksFirst && entry.position == 0) else { return }
                    pairs[entry.position].append((Int32(entry.latent), entry.activation))
                }
            }
            // The files stand in the order of their latents, and each position's entries ascend within a file.
            for position in pairs {
                latents += position.map(\.latent)
                activations += position.map(\.activation)
                rowStarts.append(latents.count)
            }
        }
        return CodeBatch(contexts: contexts, rowStarts: rowStarts, latents: latents, activations: activations)
    }
}
