extension LatentKey {
    /// Reads `coder/number`, as pages and commands write a latent; `nil` for anything else.
    package init?(written text: some StringProtocol) {
        guard let slash = text.lastIndex(of: "/"), slash > text.startIndex,
            let latent = Int(text[text.index(after: slash)...]), latent >= 0
        else { return nil }
        self.init(coder: String(text[..<slash]), latent: latent)
    }

    /// `coder/number`.
    package var written: String { "\(coder)/\(latent)" }
}
