import Elements
import Hashing
import JSONText
import Store

/// `written` of one latent: the texts that models wrote for its explanations, and where it fires in them.
struct WrittenMember {
    let reader: StoreReader

    /// The member; none if no texts were written for the latent.
    ///
    /// Of every score with texts `node`, `job`, `control` and `texts`; of each text `meant` (whether it was to set the latent off),
    /// `peak` and `parts`: pieces in order, each with `text` and, where the latent fires, `activation`.
    func members(of key: LatentKey) throws -> [JSONValue.Member] {
        let scores = try reader.scores(coder: key.coder, latent: key.latent)
        let written = try scores.compactMap { score -> JSONValue? in
            // Other methods keep verdicts there.
            guard let texts = try reader.verdicts(of: score.job).flatMap({ WrittenTexts(bytes: $0) }) else {
                return nil
            }
            return .object([
                ("node", .string(score.node)), ("job", .string(score.job.description)),
                ("control", .optional(score.control)), ("texts", .array(texts.texts.map(Self.json))),
            ])
        }
        return written.isEmpty ? [] : [("written", .array(written))]
    }

    private static func json(_ text: WrittenText) -> JSONValue {
        .object([
            ("meant", .boolean(text.isMeant)), ("peak", .number(Double(text.peak))),
            (
                "parts",
                .array(
                    text.parts.map { part in
                        let activation: [JSONValue.Member] =
                            part.activation > 0 ? [("activation", .number(Double(part.activation)))] : []
                        return .object([("text", .string(part.text))] + activation)
                    })
            ),
        ])
    }
}
