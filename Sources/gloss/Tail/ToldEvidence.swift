/// What a daemon has told of evidence, so that it is not printed again after a break: a new connection begins with how it stands.
struct ToldEvidence {
    private var last: [String: String] = [:]

    /// Takes in what was told; `false` if the same was told last of the same reservoir or latent.
    mutating func isNew(_ json: String) -> Bool {
        guard let event = TailedEvent(json) else { return true }
        return last.updateValue(json, forKey: "\(event.text("node") ?? "") \(event.latent)") != json
    }
}
