"""The composition root: one state folder, and the parts that work on it, each made when first asked for.

    with App(home, settings_source) as app:
        app.graph, app.kinds, app.settings, app.tables, app.bus, app.providers, app.runner, app.cleanup, app.timeseries
"""
