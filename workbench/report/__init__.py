"""What leaves the workbench: notebooks and exports."""
