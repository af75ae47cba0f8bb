"""Promotion: what a plan does to streams and money, and how sure that is.

plan          what a user sets with sliders, as a plain value
amounts       amounts on sliders, which add up
priors        what is believed before the data speak, each with its source
response      closed formulas: adstock, saturation, release curve, retention
observations  weekly streams and spend of a label as dense arrays
reading       what the fit reads of a label, as tables and as these arrays
posterior     log posterior of the response model, its gradient and its Fisher information
fit           mode from several starts, Laplace, importance resampling; the maker
launches      what a release to come draws its parameters from
saved         scenarios that people saved
facts         a plan in figures, against the current one
cells         saved segments in place of territories
draws         stored draws made ready for the engine
scenes        the same window for plans that are compared
saved         scenarios that people saved
whatif        the engine: a plan on the draws
outcome       a scenario against the current plan: the analysis behind the lab
curves        response of each channel alone
optimise      the best split of a budget
overview      what can be planned, what is believed, what channels brought
doubts        what the observed spend cannot tell apart
limits        what a plan must not be read without
"""
