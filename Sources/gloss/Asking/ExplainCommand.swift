import ArgumentParser
import Store

/// Has explain nodes explain latents now, though nothing calls for it.
struct ExplainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Has explain nodes explain latents now, though nothing calls for it.",
        discussion: WishOptions.discussion)

    @OptionGroup var wish: WishOptions

    func run() throws { try wish.leave(LatentWish(.explain, latents: []), of: "explain") }
}
