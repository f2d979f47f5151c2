import ArgumentParser
import Store

/// Gives an explanation of a latent in your own words.
struct LabelCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "label",
        abstract: "Gives an explanation of a latent in your own words.",
        discussion: WishOptions.discussion)

    @OptionGroup var wish: WishOptions

    @Argument(help: "The words, one line of at most 300 characters.")
    var text: String

    func run() throws { try wish.leave(LatentWish(.label, latents: [], text: text), of: "label") }
}
