import Hummingbird
import LatentSheets
import Store

/// A list that somebody has put together, as an address names it.
struct ListQuery: Sendable {
    /// The latents, each once, in order.
    let keys: [LatentKey]
    /// What somebody wrote of a latent.
    let notes: [LatentKey: String]
    /// A text to be read for each of them; `nil` if none is.
    let text: String?

    /// The latents of a list at most.
    static let most = 200

    init(_ request: Request) throws(QueryReader.Fault) {
        var reader = QueryReader(request)
        keys = try reader.latents("id", most: Self.most)
        var notes: [LatentKey: String] = [:]
        for note in reader.texts("note") {
            guard let end = note.firstIndex(of: ":"), let key = LatentKey(written: String(note[..<end])) else {
                throw QueryReader.Fault(message: "`note` must be a latent, a colon and a text, such as codes/17:dates")
            }
            notes[key] = String(note[note.index(after: end)...])
        }
        self.notes = notes
        text = reader.text("text")
        try reader.finish()
    }
}
