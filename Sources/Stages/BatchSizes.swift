/// The batch sizes of explain and score nodes: enough for all cores, small enough to fit in memory.
package enum BatchSizes {
    /// Plans of judged scores made together; even, so that the two scores of a contest, which are neighbours, are.
    package static let judgedAtOnce = 8
    /// Plans of explanations made together.
    package static let askedAtOnce = 64
    /// Latents whose promoted tokens are found together; each takes a row of the size of the vocabulary.
    package static let promotedAtOnce = 8
    /// Explanations executed together, for each core.
    package static let executedAtOnce = 128
    /// Explanations embedded together.
    package static let embeddedAtOnce = 64
    /// Windows of each further tier that an explanation is executed on.
    package static let executedWindows = 256
}
