import ArgumentParser
import Store

/// Has an explanation stand whatever scores better, or no longer.
struct PinCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pin",
        abstract: "Has an explanation stand whatever scores better, or no longer.",
        discussion: WishOptions.discussion)

    @OptionGroup var wish: WishOptions

    @Option(help: "The job of the explanation, as `gloss show --json` has it.")
    var job: String?

    @Flag(help: "Let what is pinned be replaced again.")
    var off = false

    func validate() throws {
        if (job == nil) != off { throw ValidationError("give either --job JOB, to pin its explanation, or --off") }
    }

    func run() throws { try wish.leave(LatentWish(off ? .unpin : .pin, latents: [], job: job), of: "pin") }
}
