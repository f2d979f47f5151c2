import Hummingbird
import LatentSheets
import Store

/// A latent and a text to be worked on for it, as a request names them.
enum LatentQuestion {
    case asked(LatentKey, text: String)
    /// The answer to a request that names none.
    case refused(Response)

    /// Reads `coder`, `latent` and the text.
    ///
    /// - Parameters:
    ///   - name: The text's parameter.
    ///   - purpose: What is to be done with the text, as a verb.
    init(_ request: Request, text name: String, purpose: String, _ sheets: ServedSheets) {
        var reader = QueryReader(request)
        let (coder, latent, text) = (reader.text("coder") ?? "", reader.text("latent") ?? "", reader.text(name))
        do {
            try reader.finish()
        } catch {
            self = .refused(Answer.badQuery(error.message))
            return
        }
        if let key = SheetAnswers.key(coder: coder, latent: latent, sheets) {
            self =
                text.map { .asked(key, text: $0) }
                ?? .refused(Answer.badQuery("`\(name)` must hold the text to \(purpose)"))
        } else {
            self = .refused(SheetAnswers.missing(coder: coder, sheets))
        }
    }
}
