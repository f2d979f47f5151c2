import ArgumentParser
import Elements
import LatentSheets
import Serving
import Store

/// Which latents a command writes: some that are named, or all with an explanation.
struct ChosenLatents: ParsableArguments {
    @Option(help: "The coder whose latents are meant; by default all that are not controls.")
    var coder: String?

    @Option(parsing: .upToNextOption, help: "The latents, as `coder/number`; by default all that have an explanation.")
    var latents: [String] = []

    func validate() throws {
        if let wrong = latents.first(where: { LatentKey(written: $0) == nil }) {
            throw ValidationError("`\(wrong)` is no latent: write the coder and the number, such as `codes/17`")
        }
    }

    /// The latents, in order.
    ///
    /// - Throws: `OneStageError` if the state has no such coder or latent.
    func keys(in index: LatentIndex, _ stored: StoredSheets, of state: String) throws -> [LatentKey] {
        if !latents.isEmpty {
            return try latents.compactMap(LatentKey.init(written:)).map { key in
                guard let known = stored.sheets.reader.coder(key.coder)?.identity, key.latent < known.latents else {
                    throw OneStageError(
                        "\(state) has no latent \(key.coder)/\(key.latent): \(stored.sheets.latents(of: key.coder))")
                }
                return LatentKey(coder: known.name, latent: key.latent)
            }
        }
        if let coder, stored.sheets.reader.coder(coder) == nil {
            throw OneStageError("\(state): \(stored.sheets.latents(of: coder))")
        }
        return index.stored.filter { row in
            !row.labels.isEmpty && (coder.map { $0 == row.coder } ?? !index.controls.contains(row.coder))
        }.map(\.key)
    }
}
