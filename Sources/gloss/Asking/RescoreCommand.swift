import ArgumentParser
import Store

/// Has score nodes score what stands of latents now, though nothing calls for it.
struct RescoreCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rescore",
        abstract: "Has score nodes score what stands of latents now, though nothing calls for it.",
        discussion: WishOptions.discussion)

    @OptionGroup var wish: WishOptions

    func run() throws { try wish.leave(LatentWish(.rescore, latents: []), of: "rescore") }
}
