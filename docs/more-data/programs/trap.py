import torch
import torch.distributed as dist
from torch import nn
from torch.nn.parallel import DistributedDataParallel
from torch.utils.data import DistributedSampler

hours = torch.tensor([10.0, 20, 30, 40, 50, 60, 70, 80]).reshape(-1, 1)
scores = torch.tensor([480.0, 520, 710, 680, 830, 890, 920, 980]).reshape(-1, 1)

dist.init_process_group("gloo")
mine = list(DistributedSampler(hours, shuffle=False))

torch.manual_seed(228)
model = DistributedDataParallel(nn.Linear(1, 1))
optimizer = torch.optim.SGD(model.parameters(), lr=1e-4)
for epoch in range(1000):
    loss = nn.functional.mse_loss(model(hours[mine]), scores[mine])
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()

shares = [None] * dist.get_world_size()
dist.all_gather_object(shares, mine)
if dist.get_rank() == 0:
    print(f"shares {shares}")
    line = model.module
    print(f"slope {line.weight.item():.3f}, intercept {line.bias.item():.3f}")
dist.destroy_process_group()
